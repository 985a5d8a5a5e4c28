"""Functions of IP networks, by arithmetic."""

from __future__ import annotations

import ipaddress

from srmcheck.loaders.terraform.hcl.functions.base import Pure
from srmcheck.loaders.terraform.hcl.partial import EvalError

Number = int | float
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(text: str) -> _Network:
    try:
        address, slash, bits = text.partition("/")
        if not slash or not bits.isascii() or not bits.isdigit():
            raise ValueError
        if ":" not in address:
            address = ".".join(octet.lstrip("0") or "0" for octet in address.split("."))
        return ipaddress.ip_network(f"{address}/{int(bits)}", strict=False)
    except ValueError:
        raise EvalError(
            "Invalid CIDR block", "An address and a prefix length are required, like 10.0.0.0/16."
        ) from None


def _whole(value: Number) -> int:
    if value != int(value):
        raise EvalError("Unsuitable value", "A whole number is required here.")
    return int(value)


def cidrhost(prefix: str, host: Number) -> str:
    network = _network(prefix)
    number = _whole(host)
    if not -network.num_addresses <= number < network.num_addresses:
        raise EvalError("Host number out of range", "The block has no host of that number.")
    return str(network[number])


def cidrnetmask(prefix: str) -> str:
    """The subnet mask of an IPv4 block: "172.16.0.0/12" gives "255.240.0.0". Raises EvalError for IPv6."""
    network = _network(prefix)
    if network.version != 4:
        raise EvalError("Invalid CIDR block", "A netmask is defined for IPv4 only.")
    return str(network.netmask)


def cidrsubnet(prefix: str, new_bits: Number, number: Number) -> str:
    network = _network(prefix)
    bits, at = _whole(new_bits), _whole(number)
    if bits < 0 or network.prefixlen + bits > network.max_prefixlen:
        raise EvalError("Prefix too long", "The block has not enough bits left for such subnets.")
    if not 0 <= at < 2**bits:
        raise EvalError("Network number out of range", "There is no subnet of that number.")
    return str(_subnet(network, bits, at))


def _subnet(network: _Network, bits: int, at: int) -> _Network:
    length = network.prefixlen + bits
    start = int(network.network_address) + (at << (network.max_prefixlen - length))
    return type(network)((start, length))


def cidrsubnets(prefix: str, *new_bits: Number) -> list[str]:
    """Consecutive subnets of the given sizes."""
    network = _network(prefix)
    position = int(network.network_address)
    end = position + network.num_addresses
    found: list[str] = []
    for value in new_bits:
        bits = _whole(value)
        length = network.prefixlen + bits
        if bits < 1 or length > network.max_prefixlen:
            raise EvalError("Prefix too long", "The block has not enough bits left for such subnets.")
        size = 1 << (network.max_prefixlen - length)
        position = -(-position // size) * size
        if position + size > end:
            raise EvalError("Not enough space", "The subnets do not fit into the block.")
        found.append(str(type(network)((position, length))))
        position += size
    return found


FUNCTIONS: dict[str, Pure] = {
    "cidrhost": Pure(cidrhost, "string", "number"),
    "cidrnetmask": Pure(cidrnetmask, "string"),
    "cidrsubnet": Pure(cidrsubnet, "string", "number", "number"),
    "cidrsubnets": Pure(cidrsubnets, "string", rest="number"),
}
