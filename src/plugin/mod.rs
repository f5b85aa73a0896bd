//! The wire: Terraform's plugin protocol, version 6.
