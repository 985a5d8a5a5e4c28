# METADATA
# title: Web ACLs have at least one rule
# description: >-
#   A web ACL without a rule does nothing but its default action: what it is put before stands as open as
#   without it. Rules that Firewall Manager adds are not in a template.
# related_resources:
#   - ref: https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing.html
#   - ref: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-wafv2-webacl.html
#   - ref: https://docs.aws.amazon.com/securityhub/latest/userguide/waf-controls.html
# custom:
#   id: SRM-WAF-001
#   severity: medium
#   responsibility: network-security
#   service: waf
#   since: 0.1.0
#   profile: default
#   types:
#     AWS::WAFv2::WebACL: ['Rules[]']
#     AWS::WAF::WebACL: ['Rules[]']
#     AWS::WAFRegional::WebACL: ['Rules[]']
#   remediation:
#     terraform: Add a `rule` (or `rules`) block.
#     cloudformation: Add an entry to `Rules`.
#   frameworks:
#     fsbp: [WAF.10, WAF.4, WAF.8]
#     pci_dss_4_0: [1.2.8, 1.3.1, 1.3.2, 1.4.2, 1.5.1, 6.4.1, 6.4.2, A1.1.3]
#     nist_800_53_r5: [AC-4(21), CA-9(1), CM-2, SC-7, SC-7(11), SC-7(16), SC-7(21)]
#   equivalents:
#     checkov: [CKV_AWS_175]
#     prowler: [wafv2_webacl_with_rules, waf_global_webacl_with_rules, waf_regional_webacl_with_rules]
#     config: [WAFV2_WEBACL_NOT_EMPTY, WAF_GLOBAL_WEBACL_NOT_EMPTY, WAF_REGIONAL_WEBACL_NOT_EMPTY]
#     steampipe: [wafv2_web_acl_rule_attached, waf_web_acl_rule_attached, waf_regional_web_acl_rule_attached]
package srmcheck.waf.web_acl_rules

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

deny contains finding.at(["Rules"], "web ACL has no rule") if not has_rule

# one rule is enough, whatever it is and whatever else there is
settled contains [] if has_rule

has_rule if count(resource.list(input.resource, ["Rules"])) > 0
