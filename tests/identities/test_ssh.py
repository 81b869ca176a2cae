"""The fingerprint AWS shows is the one people compare with `ssh-keygen -E md5 -l`."""

from __future__ import annotations

from identities import ssh

# Made with ssh-keygen, its private half thrown away.
LINE = (
    "ssh-rsa "
    "AAAAB3NzaC1yc2EAAAADAQABAAABAQDF3Htxu0uDU8CCWMhGGu2prIMorkW/4MpHZhL7/llnONxPH7jFVHDKQYvxfz/9SfRq"
    "ETbO8sjmLQbTJ3DqC8Fwm26HMO/UeT6MDut/JkSER4cBXJBWdY/tim63lO/5EbcRHxt97vwL/xfdYvVmukuc+PYfsawMjL4f"
    "/pytv3aP2KLM0iBDDuRkEiHxLsaOsqS1hbyVOOeNdfyEs8OnwjGweOQjuGRHRCLurXgq0d6vrsc6a6AOajhWSiBacyfmNqMa"
    "Hp5KNy/Wp+aQaAXBp6Qm1Wxl/d1RKGLpaVFv9vKYW2YnmUL2CiyspI2opm+VkLkkiPQuBcMi2CrqXusdhJkn"
)
FINGERPRINT = "2c:aa:b0:40:cc:75:35:c3:00:f0:9e:6c:cf:50:67:4c"


def test_it_tells_the_fingerprint_ssh_keygen_tells() -> None:
    assert ssh.fingerprint(ssh.openssh(f"{LINE} dana@laptop")) == FINGERPRINT


def test_it_drops_the_comment() -> None:
    assert ssh.openssh(f"  {LINE} dana@laptop\n") == LINE
