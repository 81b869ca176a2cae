# Every data source for IAM and STS that reads. What one must say is held here, as each plan and apply asks it.

data "aws_caller_identity" "me" {}

data "aws_iam_session_context" "me" { arn = data.aws_caller_identity.me.arn }

data "aws_iam_user" "this" { user_name = aws_iam_user.this.name }

data "aws_iam_group" "members" {
  group_name = aws_iam_group_membership.this.group
  lifecycle {
    postcondition {
      condition     = join(",", self.users[*].user_name) == aws_iam_user.member.name
      error_message = "It has other members."
    }
  }
}

data "aws_iam_role" "this" {
  name = aws_iam_role.this.name
  lifecycle {
    postcondition {
      condition     = jsondecode(self.assume_role_policy) == jsondecode(local.ec2)
      error_message = "It trusts somebody else."
    }
  }
}

data "aws_iam_policy" "by_name" {
  name        = aws_iam_policy.this.name
  path_prefix = "/tf/"
}

data "aws_iam_policy" "of_aws" { name = "PowerUserAccess" }

data "aws_iam_users" "all" {
  name_regex = "^tf-"
  depends_on = [aws_iam_user.this, aws_iam_user.member]
  lifecycle {
    postcondition {
      condition     = join(",", sort(self.names)) == "tf-member,tf-user"
      error_message = "There are other users."
    }
  }
}

data "aws_iam_roles" "all" {
  path_prefix = "/tf/"
  depends_on  = [aws_iam_role.this]
}

data "aws_iam_instance_profile" "this" { name = aws_iam_instance_profile.this.name }

data "aws_iam_instance_profiles" "of_role" { role_name = aws_iam_instance_profile.this.role }

data "aws_iam_access_keys" "this" { user = aws_iam_access_key.this.user }

data "aws_iam_account_alias" "this" { depends_on = [aws_iam_account_alias.this] }

data "aws_iam_server_certificate" "this" {
  name_prefix = aws_iam_server_certificate.this.name
  latest      = true
}

data "aws_iam_openid_connect_provider" "by_url" {
  url        = local.issuer
  depends_on = [aws_iam_openid_connect_provider.this]
}

data "aws_iam_saml_provider" "this" { arn = aws_iam_saml_provider.this.arn }

data "aws_iam_user_ssh_key" "this" {
  username          = aws_iam_user.this.name
  ssh_public_key_id = aws_iam_user_ssh_key.this.ssh_public_key_id
  encoding          = "PEM"
}

data "aws_iam_principal_policy_simulation" "this" {
  action_names      = ["s3:GetObject"]
  policy_source_arn = aws_iam_role.this.arn
  resource_arns     = ["arn:aws:s3:::lab/paper"]
  depends_on        = [aws_iam_role_policy.this, aws_iam_role_policy_attachment.this]
  lifecycle {
    postcondition {
      condition     = self.all_allowed
      error_message = "The role may not."
    }
  }
}
