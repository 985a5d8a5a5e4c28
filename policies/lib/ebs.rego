# Encryption of EBS volumes, and of the devices that become volumes. Words: docs/verdicts.md, "EBS volumes".
# Parameters: `judged` the resource, `volume` the path of the object with Encrypted, KmsKeyId and SnapshotId ([] for a
# volume of its own), `settings` the account settings that the template declares.
package srmcheck.lib.ebs

import data.srmcheck.lib.resource

# What the encryption of a volume rests on.
leaves(volume) := [array.concat(volume, [key]) | some key in ["Encrypted", "KmsKeyId", "SnapshotId"]]

# Why a volume is not encrypted, as far as its own properties tell.
fault(judged, volume) := "is not encrypted" if {
	resource.value(judged, array.concat(volume, ["Encrypted"])) == false
	not _takes_from_snapshot(judged, volume)
} else := "does not say that it is encrypted" if {
	resource.absent(judged, array.concat(volume, ["Encrypted"]))
	not resource.given(judged, array.concat(volume, ["KmsKeyId"]))
	not _takes_from_snapshot(judged, volume)
}

# A volume keeps the encryption of its snapshot, also where it says that it is not encrypted.
keeps_encryption(judged, volume) if {
	resource.value(judged, array.concat(volume, ["Encrypted"])) in [null, false]
	_takes_from_snapshot(judged, volume)
}

_takes_from_snapshot(judged, volume) if {
	resource.given(judged, array.concat(volume, ["SnapshotId"]))
	not resource.given(judged, array.concat(volume, ["KmsKeyId"]))
}

# A volume is encrypted, whatever else is unknown of it.
is_encrypted(judged, volume) if resource.value(judged, array.concat(volume, ["Encrypted"])) == true

is_encrypted(judged, volume) if {
	resource.absent(judged, array.concat(volume, ["Encrypted"]))
	resource.given(judged, array.concat(volume, ["KmsKeyId"]))
}

# The account encrypts new volumes.
is_on_by_default(settings) if {
	some setting in settings
	resource.value(setting, ["Enabled"]) == true
}

# Settings that change nothing: another one of them cannot be worse than none.
idle_settings(settings) := {i |
	some i, setting in settings
	resource.value(setting, ["Enabled"]) == false
}
