terraform import materialize_region.oregon aws/us-west-2
