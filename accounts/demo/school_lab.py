"""A school's lab account: a teacher, an assistant, students inside a boundary, and a user that only has a key."""

from __future__ import annotations

from accounts.demo.story import (
    AWS,
    AccountStory,
    GroupStory,
    Person,
    PolicyStory,
    RoleStory,
    allow,
    deny,
    document,
    trust,
)

ID = "123456789012"
COURSE = {"Course": "cloud-101", "Term": "autumn-2026"}
HOMEWORK = "arn:aws:s3:::northfield-homework"
OWN_FOLDER = f"{HOMEWORK}/${{aws:username}}/*"
OWN_USER = f"arn:aws:iam::{ID}:user/*${{aws:username}}"
WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}

HOMEWORK_ACCESS = PolicyStory(
    "HomeworkAccess",
    document(
        allow("ListTheBucket", ["s3:ListBucket"], [HOMEWORK]),
        allow("UseOwnFolder", ["s3:GetObject", "s3:PutObject"], [OWN_FOLDER]),
    ),
    "Students read and hand in homework in a folder of their own",
    "/course/",
    document(
        allow("ListTheBucket", ["s3:ListBucket"], [HOMEWORK]),
        allow("UseOwnFolder", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [OWN_FOLDER]),
    ),
    COURSE,
)
MANAGE_OWN_CREDENTIALS = PolicyStory(
    "ManageOwnCredentials",
    document(
        allow("SeeUsersAndPolicy", ["iam:GetAccountPasswordPolicy", "iam:ListUsers", "iam:GetAccountSummary"]),
        allow("OwnPassword", ["iam:ChangePassword", "iam:GetUser", "iam:GetLoginProfile"], [OWN_USER]),
        allow("OwnKeys", ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys", "iam:UpdateAccessKey"],
              [OWN_USER]),
        allow("OwnDevices", ["iam:EnableMFADevice", "iam:ListMFADevices", "iam:ResyncMFADevice"], [OWN_USER]),
        allow("MakeDevices", ["iam:CreateVirtualMFADevice"], [f"arn:aws:iam::{ID}:mfa/*"]),
        deny("RemoveDevicesOnlyWithMFA", ["iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice"],
             condition=WITHOUT_MFA),
    ),
    "Everybody looks after their own password, keys and MFA devices",
)  # fmt: skip
STUDENT_BOUNDARY = PolicyStory(
    "StudentBoundary",
    document(
        allow("WhatTheCourseUses", ["s3:*", "ec2:Describe*", "ec2:RunInstances", "ec2:TerminateInstances", "iam:Get*",
                                    "iam:List*", "iam:*AccessKey*", "iam:*MFADevice", "iam:ChangePassword"]),
        deny("LeaveTheBoundaryAlone", ["iam:DeleteUserPermissionsBoundary", "iam:PutUserPermissionsBoundary"]),
        deny("OnlyInOneRegion", ["ec2:*"], condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}),
    ),
    "The most that any student account can do, whatever is attached to it",
    "/boundaries/",
    tags=COURSE,
)  # fmt: skip
GRADING = PolicyStory(
    "Grading",
    document(allow("ReadAllHomework", ["s3:ListBucket", "s3:GetObject"], [HOMEWORK, f"{HOMEWORK}/*"])),
    "Assistants read what everybody handed in",
    "/course/",
    tags=COURSE,
)
UNUSED = PolicyStory(
    "OldWorkshop2025",
    document(allow("Everything", ["dynamodb:*"], ["arn:aws:dynamodb:us-east-1:*:table/Workshop*"])),
    "Last year's workshop; nobody uses it any more",
    "/course/",
)
NO_BILLING = document(deny("NoBilling", ["aws-portal:*", "budgets:*", "ce:*"]))
TWO_SMALL_INSTANCES = document(
    allow("SmallOnly", ["ec2:RunInstances"], condition={"StringEquals": {"ec2:InstanceType": ["t3.nano", "t3.micro"]}})
)

STORY = AccountStory(
    ID,
    "Northfield School Cloud Lab",
    "northfield-lab",
    "cloud-lab@northfield-school.example",
    (HOMEWORK_ACCESS, MANAGE_OWN_CREDENTIALS, STUDENT_BOUNDARY, GRADING, UNUSED),
    (
        GroupStory("Administrators", (f"{AWS}AdministratorAccess",)),
        GroupStory("Auditors", (f"{AWS}ReadOnlyAccess", "ManageOwnCredentials")),
        GroupStory("Assistants", ("Grading", "ManageOwnCredentials"), path="/staff/"),
        GroupStory("Students", ("HomeworkAccess", "ManageOwnCredentials"), {"NoBilling": NO_BILLING}, "/students/"),
    ),
    (
        Person("maria.santos", ("Administrators",), path="/staff/", tags={"Role": "teacher"}, mfa=True),
        Person("jonas.weber", ("Assistants", "Auditors"), path="/staff/", tags={"Role": "assistant"}, mfa=True),
        Person("amina.diallo", ("Students",), path="/students/", boundary="StudentBoundary", tags=COURSE, key=True),
        Person("liam.oconnor", ("Students",), inline={"SmallInstances": TWO_SMALL_INSTANCES}, path="/students/",
               boundary="StudentBoundary", tags=COURSE),
        Person("yuki.tanaka", ("Students",), path="/students/", boundary="StudentBoundary", tags=COURSE, new=True),
        Person("grade-exporter", policies=("Grading",), path="/machines/", tags={"Owner": "maria.santos"},
               console=False, key=True),
    ),
    (
        RoleStory("LabInstance", trust({"Service": "ec2.amazonaws.com"}), "What the lab's servers may do",
                  (f"{AWS}AmazonS3ReadOnlyAccess",), tags=COURSE),
        RoleStory("GradingAssistant", trust({"AWS": f"arn:aws:iam::{ID}:root"},
                  condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
                  "Taken for an hour to grade, only with MFA", ("Grading",), path="/course/"),
    ),
)  # fmt: skip
