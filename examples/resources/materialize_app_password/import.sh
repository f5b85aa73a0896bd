# By the client id, which the console shows. The password itself is not shown again: it stays empty.
terraform import materialize_app_password.deploy 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
