terraform import materialize_scim_group.analysts 5f654ce4-a6ab-3db3-2ec1-9695c9c2d020
