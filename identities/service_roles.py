"""Service-linked roles: which services have one, how it is called, what AWS attaches to it, and its protection.

Source: the AWS services that work with service-linked roles (IAM user guide, reference_aws-services-that-work-with-iam)
and the service roles' own pages; the policies are those of the catalogue under /aws-service-role/.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from iamconsole.operations.errors import InvalidInput, UnmodifiableEntity
from identities.models import Role

PATH = "/aws-service-role/"
ROLE_PREFIX = "AWSServiceRoleFor"
POLICY_PREFIX = "arn:aws:iam::aws:policy/aws-service-role/"
_SCALING = "application-autoscaling.amazonaws.com"


@dataclass(frozen=True)
class Template:
    """What a service's role is called after AWSServiceRoleFor, and the managed policy it carries."""

    suffix: str
    policy: str
    own_suffix: bool = False
    """Several such roles can be made, each with a suffix of one's own."""

    @property
    def policy_arn(self) -> str:
        return POLICY_PREFIX + self.policy


TEMPLATES: dict[str, Template] = {
    "access-analyzer.amazonaws.com": Template("AccessAnalyzer", "AccessAnalyzerServiceRolePolicy"),
    "autoscaling.amazonaws.com": Template("AutoScaling", "AutoScalingServiceRolePolicy", own_suffix=True),
    "backup.amazonaws.com": Template("Backup", "AWSBackupServiceLinkedRolePolicyForBackup"),
    "batch.amazonaws.com": Template("Batch", "BatchServiceRolePolicy"),
    "cks.kms.amazonaws.com": Template(
        "KeyManagementServiceCustomKeyStores", "AWSKeyManagementServiceCustomKeyStoresServiceRolePolicy"
    ),
    "cloudtrail.amazonaws.com": Template("CloudTrail", "CloudTrailServiceRolePolicy"),
    "compute-optimizer.amazonaws.com": Template("ComputeOptimizer", "ComputeOptimizerServiceRolePolicy"),
    "config.amazonaws.com": Template("Config", "AWSConfigServiceRolePolicy"),
    "connect.amazonaws.com": Template("AmazonConnect", "AmazonConnectServiceLinkedRolePolicy", own_suffix=True),
    f"dynamodb.{_SCALING}": Template(
        "ApplicationAutoScaling_DynamoDBTable", "AWSApplicationAutoscalingDynamoDBTablePolicy"
    ),
    f"ecs.{_SCALING}": Template("ApplicationAutoScaling_ECSService", "AWSApplicationAutoscalingECSServicePolicy"),
    f"rds.{_SCALING}": Template("ApplicationAutoScaling_RDSCluster", "AWSApplicationAutoscalingRDSClusterPolicy"),
    f"lambda.{_SCALING}": Template(
        "ApplicationAutoScaling_LambdaConcurrency", "AWSApplicationAutoscalingLambdaConcurrencyPolicy"
    ),
    "ec2fleet.amazonaws.com": Template("EC2Fleet", "AWSEC2FleetServiceRolePolicy"),
    "ecs.amazonaws.com": Template("ECS", "AmazonECSServiceRolePolicy"),
    "eks-fargate.amazonaws.com": Template("AmazonEKSForFargate", "AmazonEKSForFargateServiceRolePolicy"),
    "eks-nodegroup.amazonaws.com": Template("AmazonEKSNodegroup", "AWSServiceRoleForAmazonEKSNodegroup"),
    "eks.amazonaws.com": Template("AmazonEKS", "AmazonEKSServiceRolePolicy"),
    "elasticache.amazonaws.com": Template("ElastiCache", "ElastiCacheServiceRolePolicy"),
    "elasticbeanstalk.amazonaws.com": Template("ElasticBeanstalk", "AWSElasticBeanstalkServiceRolePolicy"),
    "elasticfilesystem.amazonaws.com": Template("AmazonElasticFileSystem", "AmazonElasticFileSystemServiceRolePolicy"),
    "elasticloadbalancing.amazonaws.com": Template("ElasticLoadBalancing", "AWSElasticLoadBalancingServiceRolePolicy"),
    "email.cognito-idp.amazonaws.com": Template(
        "AmazonCognitoIdpEmailService", "AmazonCognitoIdpEmailServiceRolePolicy"
    ),
    "es.amazonaws.com": Template("AmazonElasticsearchService", "AmazonElasticsearchServiceRolePolicy"),
    "events.amazonaws.com": Template("CloudWatchEvents", "CloudWatchEventsServiceRolePolicy"),
    "fsx.amazonaws.com": Template("AmazonFSx", "AmazonFSxServiceRolePolicy"),
    "globalaccelerator.amazonaws.com": Template("GlobalAccelerator", "AWSGlobalAcceleratorSLRPolicy"),
    "guardduty.amazonaws.com": Template("AmazonGuardDuty", "AmazonGuardDutyServiceRolePolicy"),
    "inspector2.amazonaws.com": Template("AmazonInspector2", "AmazonInspector2ServiceRolePolicy"),
    "kafka.amazonaws.com": Template("Kafka", "KafkaServiceRolePolicy"),
    "lex.amazonaws.com": Template("LexBots", "LexBotPolicy"),
    "lexv2.amazonaws.com": Template("LexV2Bots", "AmazonLexV2BotPolicy", own_suffix=True),
    "logger.cloudfront.amazonaws.com": Template("CloudFrontLogger", "AWSCloudFrontLogger"),
    "macie.amazonaws.com": Template("AmazonMacie", "AmazonMacieServiceRolePolicy"),
    "ops.apigateway.amazonaws.com": Template("APIGateway", "APIGatewayServiceRolePolicy"),
    "opensearchservice.amazonaws.com": Template("AmazonOpenSearchService", "AmazonOpenSearchServiceRolePolicy"),
    "organizations.amazonaws.com": Template("Organizations", "AWSOrganizationsServiceTrustPolicy"),
    "rds.amazonaws.com": Template("RDS", "AmazonRDSServiceRolePolicy"),
    "redshift.amazonaws.com": Template("Redshift", "AmazonRedshiftServiceLinkedRolePolicy"),
    "replication.dynamodb.amazonaws.com": Template("DynamoDBReplication", "DynamoDBReplicationServiceRolePolicy"),
    "replicator.lambda.amazonaws.com": Template("LambdaReplicator", "AWSLambdaReplicator"),
    "securityhub.amazonaws.com": Template("SecurityHub", "AWSSecurityHubServiceRolePolicy"),
    "servicequotas.amazonaws.com": Template("ServiceQuotas", "ServiceQuotasServiceRolePolicy"),
    "spot.amazonaws.com": Template("EC2Spot", "AWSEC2SpotServiceRolePolicy"),
    "spotfleet.amazonaws.com": Template("EC2SpotFleet", "AWSEC2SpotFleetServiceRolePolicy"),
    "ssm.amazonaws.com": Template("AmazonSSM", "AmazonSSMServiceRolePolicy"),
    "sso.amazonaws.com": Template("SSO", "AWSSSOServiceRolePolicy"),
    "support.amazonaws.com": Template("Support", "AWSSupportServiceRolePolicy"),
    "transitgateway.amazonaws.com": Template("VPCTransitGateway", "AWSVPCTransitGatewayServiceRolePolicy"),
    "trustedadvisor.amazonaws.com": Template("TrustedAdvisor", "AWSTrustedAdvisorServiceRolePolicy"),
}


def role_name(service: str, custom_suffix: str) -> str:
    """How the role of a service is called; for a service without a template, how it would be."""
    template = TEMPLATES.get(service.lower())
    name = ROLE_PREFIX + (template.suffix if template else service.partition(".")[0].capitalize())
    return f"{name}_{custom_suffix}" if custom_suffix else name


def trust_policy(service: str) -> str:
    """Only the service itself can assume its role."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def is_service_linked(role: Role) -> bool:
    return role.path.startswith(PATH)


def need_modifiable(role: Role) -> Role:
    """A role that is its account's to change. Raises AWS's UnmodifiableEntity for a service's own."""
    if is_service_linked(role):
        raise UnmodifiableEntity(
            f"Cannot perform the operation on the protected role '{role.name}' - this role is only modifiable by AWS"
        )
    return role


def need_open_path(path: str) -> None:
    """The path of service-linked roles is closed to others, which it would protect from their own account."""
    if path.startswith(PATH):
        raise InvalidInput(f"Roles under {PATH} are made by CreateServiceLinkedRole only.")
