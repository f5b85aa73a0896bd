# By the id of the SSO configuration and that of the mapping.
terraform import materialize_sso_group_mapping.engineers 2f77c542-1c54-56af-ddd2-f83928c31c16:62f9f7dd-1b62-fe71-eb4c-f69d5b9f6e3d
