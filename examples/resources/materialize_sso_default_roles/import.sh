# By the id of the SSO configuration.
terraform import materialize_sso_default_roles.okta 2f77c542-1c54-56af-ddd2-f83928c31c16
