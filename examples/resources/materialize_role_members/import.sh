# By the name of the role
terraform import materialize_role_members.developers developers

# By the id of the role
terraform import materialize_role_members.developers 'self-hosted:ROLE MEMBERS|u2'
