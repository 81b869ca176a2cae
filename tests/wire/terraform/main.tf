# Every kind of IAM resource that the AWS provider knows and this endpoint serves. `round` changes what can be changed
# in place; the files named by `papers` are written by the test.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80"
    }
  }
}

variable "url" { type = string }
variable "papers" { type = string }
variable "round" {
  type    = number
  default = 1
}

provider "aws" {
  region                      = "us-east-1"
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_credentials_validation = false
  endpoints {
    iam = var.url
    sts = var.url
  }
}

locals {
  tags   = { round = tostring(var.round) }
  issuer = "https://idp.example.com/tf"
  read = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:Get${var.round == 1 ? "Object" : "*"}"], Resource = "arn:aws:s3:::lab/*" }]
  })
  ec2 = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_policy" "this" {
  name        = "tf-policy"
  path        = "/tf/"
  description = "By Terraform"
  policy      = local.read
  tags        = local.tags
}

resource "aws_iam_user" "this" {
  name                 = "tf-user"
  path                 = var.round == 1 ? "/tf/" : "/tf/moved/"
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
  force_destroy        = true
  tags                 = local.tags
}

resource "aws_iam_group" "this" {
  name = "tf-group"
  path = var.round == 1 ? "/tf/" : "/tf/moved/"
}

resource "aws_iam_role" "this" {
  name                 = "tf-role"
  path                 = "/tf/"
  description          = "Round ${var.round}"
  assume_role_policy   = local.ec2
  max_session_duration = 3600 * var.round
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
  tags                 = local.tags
}

resource "aws_iam_user_policy" "this" {
  name   = "inline"
  user   = aws_iam_user.this.name
  policy = local.read
}

resource "aws_iam_group_policy" "this" {
  name   = "inline"
  group  = aws_iam_group.this.name
  policy = local.read
}

resource "aws_iam_role_policy" "this" {
  name   = "inline"
  role   = aws_iam_role.this.name
  policy = local.read
}

resource "aws_iam_user_policy_attachment" "this" {
  user       = aws_iam_user.this.name
  policy_arn = aws_iam_policy.this.arn
}

resource "aws_iam_group_policy_attachment" "this" {
  group      = aws_iam_group.this.name
  policy_arn = aws_iam_policy.this.arn
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.this.arn
}

resource "aws_iam_policy" "exclusive" {
  name   = "tf-exclusive"
  policy = local.read
}

resource "aws_iam_policy_attachment" "this" {
  name       = "tf-attachment"
  policy_arn = aws_iam_policy.exclusive.arn
  users      = [aws_iam_user.this.name]
  groups     = [aws_iam_group.this.name]
  roles      = [aws_iam_role.this.name]
}

resource "aws_iam_user_group_membership" "this" {
  user   = aws_iam_user.this.name
  groups = [aws_iam_group.this.name]
}

resource "aws_iam_user" "member" {
  name          = "tf-member"
  force_destroy = true
}

resource "aws_iam_group" "members" { name = "tf-members" }

resource "aws_iam_group_membership" "this" {
  name  = "tf-membership"
  group = aws_iam_group.members.name
  users = [aws_iam_user.member.name]
}

resource "aws_iam_instance_profile" "this" {
  name = "tf-profile"
  path = "/tf/"
  role = aws_iam_role.this.name
  tags = local.tags
}

resource "aws_iam_access_key" "this" {
  user   = aws_iam_user.this.name
  status = var.round == 1 ? "Active" : "Inactive"
}

resource "aws_iam_user_login_profile" "this" {
  user                    = aws_iam_user.this.name
  password_reset_required = true
  lifecycle { ignore_changes = [password_length, password_reset_required] }
}

resource "aws_iam_user_ssh_key" "this" {
  username   = aws_iam_user.this.name
  encoding   = "SSH"
  public_key = file("${var.papers}/key.pub")
  status     = var.round == 1 ? "Active" : "Inactive"
}

resource "aws_iam_service_specific_credential" "this" {
  user_name    = aws_iam_user.this.name
  service_name = "codecommit.amazonaws.com"
}

resource "aws_iam_signing_certificate" "this" {
  user_name        = aws_iam_user.this.name
  certificate_body = file("${var.papers}/certificate.pem")
}

resource "aws_iam_server_certificate" "this" {
  name             = "tf-certificate"
  certificate_body = file("${var.papers}/certificate.pem")
  private_key      = file("${var.papers}/key.pem")
  tags             = local.tags
}

resource "aws_iam_openid_connect_provider" "this" {
  url             = local.issuer
  client_id_list  = var.round == 1 ? ["sts.amazonaws.com"] : ["sts.amazonaws.com", "second"]
  thumbprint_list = ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"]
  tags            = local.tags
}

resource "aws_iam_saml_provider" "this" {
  name                   = "tf-saml"
  saml_metadata_document = file("${var.papers}/metadata.xml")
  tags                   = local.tags
}

resource "aws_iam_account_password_policy" "this" {
  minimum_password_length        = 10 + var.round
  require_symbols                = true
  allow_users_to_change_password = true
}

resource "aws_iam_account_alias" "this" { account_alias = "tf-lab-${data.aws_caller_identity.me.account_id}" }

resource "aws_iam_service_linked_role" "this" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = "tf"
  description      = "Round ${var.round}"
}

resource "aws_iam_virtual_mfa_device" "this" {
  virtual_mfa_device_name = "tf-device"
  path                    = "/tf/"
  tags                    = local.tags
}

resource "aws_iam_security_token_service_preferences" "this" {
  global_endpoint_token_version = var.round == 1 ? "v1Token" : "v2Token"
}

resource "aws_iam_organizations_features" "this" {
  enabled_features = var.round == 1 ? ["RootSessions"] : ["RootCredentialsManagement", "RootSessions"]
}

# Nothing but what is above: what somebody else adds, these take away.

resource "aws_iam_user_policies_exclusive" "this" {
  user_name    = aws_iam_user.this.name
  policy_names = [aws_iam_user_policy.this.name]
}

resource "aws_iam_group_policies_exclusive" "this" {
  group_name   = aws_iam_group.this.name
  policy_names = [aws_iam_group_policy.this.name]
}

resource "aws_iam_role_policies_exclusive" "this" {
  role_name    = aws_iam_role.this.name
  policy_names = [aws_iam_role_policy.this.name]
}

resource "aws_iam_user_policy_attachments_exclusive" "this" {
  user_name   = aws_iam_user.this.name
  policy_arns = [aws_iam_user_policy_attachment.this.policy_arn, aws_iam_policy_attachment.this.policy_arn]
}

resource "aws_iam_group_policy_attachments_exclusive" "this" {
  group_name  = aws_iam_group.this.name
  policy_arns = [aws_iam_group_policy_attachment.this.policy_arn, aws_iam_policy_attachment.this.policy_arn]
}

resource "aws_iam_role_policy_attachments_exclusive" "this" {
  role_name   = aws_iam_role.this.name
  policy_arns = [aws_iam_role_policy_attachment.this.policy_arn, aws_iam_policy_attachment.this.policy_arn]
}
