# By the e-mail address, or by the id of the user.
terraform import materialize_user.ada ada@example.com
