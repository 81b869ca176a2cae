"""Condition keys no single service owns: the `aws:` keys of every request, and the keys of trust policies."""

from __future__ import annotations

_KEYS_BY_KIND: dict[str, str] = {
    "String": """
        aws:CalledViaFirst aws:CalledViaLast aws:Ec2InstanceSourceVpc aws:FederatedProvider aws:PrincipalAccount
        aws:PrincipalOrgID aws:PrincipalOrgMasterAccountId aws:PrincipalServiceName aws:PrincipalTag/${TagKey}
        aws:PrincipalType aws:referer aws:RequestedRegion aws:RequestTag/${TagKey} aws:ResourceAccount
        aws:ResourceOrgID aws:ResourceTag/${TagKey} aws:SourceAccount aws:SourceIdentity aws:SourceOrgID aws:SourceVpc
        aws:SourceVpce aws:UserAgent aws:userid aws:username aws:VpceAccount aws:VpceOrgID
        sts:AWSServiceName sts:ExternalId sts:RequestContext/${ContextKey} sts:RoleSessionName sts:SourceIdentity
        saml:aud saml:cn saml:commonName saml:doc saml:givenName saml:iss saml:mail saml:name saml:namequalifier
        saml:organizationStatus saml:primaryGroupSID saml:sub saml:sub_type saml:surname saml:uid
        saml:x500UniqueIdentifier
    """,
    "ArrayOfString": """
        aws:CalledVia aws:PrincipalOrgPaths aws:PrincipalServiceNamesList aws:ResourceOrgPaths aws:SourceOrgPaths
        aws:TagKeys aws:VpceOrgPaths sts:TransitiveTagKeys
        saml:edupersonaffiliation saml:edupersonassurance saml:edupersonentitlement saml:edupersonnickname
        saml:edupersonorgdn saml:edupersonorgunitdn saml:edupersonprimaryaffiliation saml:edupersonprimaryorgunitdn
        saml:edupersonprincipalname saml:edupersonscopedaffiliation saml:edupersontargetedid saml:eduorghomepageuri
        saml:eduorgidentityauthnpolicyuri saml:eduorglegalname saml:eduorgsuperioruri saml:eduorgwhitepagesuri
    """,
    "Bool": """
        aws:AssumedRoot aws:IsMcpServiceAction aws:MultiFactorAuthPresent aws:PrincipalIsAWSService
        aws:SecureTransport aws:ViaAWSMCPService aws:ViaAWSService
    """,
    "Numeric": "aws:MultiFactorAuthAge sts:DurationSeconds",
    "Date": "aws:CurrentTime aws:EpochTime aws:TokenIssueTime",
    "IPAddress": "aws:Ec2InstanceSourcePrivateIPv4 aws:SourceIp aws:VpcSourceIp",
    "ARN": """
        aws:ChatbotSourceArn aws:PrincipalArn aws:SignInSessionArn aws:SourceArn aws:SourceVpcArn
        ec2:SourceInstanceArn lambda:SourceFunctionArn ssm:SourceInstanceArn
    """,
}

GLOBAL_KEYS: dict[str, str] = {key: kind for kind, keys in _KEYS_BY_KIND.items() for key in keys.split()}

# Identity providers name their keys `provider:claim`; these claims are the ones OIDC providers are known to fill in.
PROVIDER_CLAIMS = frozenset(
    ["aud", "sub", "oaud", "amr", "email", "azp", "app_id", "id", "user_id", "actor", "repository"]
)
