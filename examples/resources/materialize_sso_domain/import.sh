# By the id of the SSO configuration and the domain.
terraform import materialize_sso_domain.example 2f77c542-1c54-56af-ddd2-f83928c31c16:example.com
