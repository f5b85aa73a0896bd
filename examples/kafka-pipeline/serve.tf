# A view costs nothing by itself: it is the name that readers rely on, whatever happens in the model.
resource "materialize_view" "revenue" {
  name          = "revenue"
  database_name = materialize_schema.by_layer["serve"].database_name
  schema_name   = materialize_schema.by_layer["serve"].name

  statement = <<-SQL
    SELECT customer_id, customer, orders, revenue
    FROM ${materialize_materialized_view.revenue.qualified_sql_name}
  SQL
}

# Held in the memory of the serving cluster: a query by customer is answered from there.
resource "materialize_index" "revenue_by_customer" {
  name         = "revenue_by_customer"
  cluster_name = materialize_cluster.by_work["serve"].name

  obj_name {
    name          = materialize_view.revenue.name
    schema_name   = materialize_view.revenue.schema_name
    database_name = materialize_view.revenue.database_name
  }

  col_expr {
    field = "customer_id"
  }
}

resource "materialize_sink_kafka" "revenue" {
  name          = "revenue_to_kafka"
  database_name = materialize_schema.by_layer["serve"].database_name
  schema_name   = materialize_schema.by_layer["serve"].name
  cluster_name  = materialize_cluster.by_work["ingest"].name
  topic         = "shop.revenue"
  comment       = "Read by the loyalty service."

  from {
    name          = materialize_materialized_view.revenue.name
    schema_name   = materialize_materialized_view.revenue.schema_name
    database_name = materialize_materialized_view.revenue.database_name
  }

  kafka_connection {
    name          = materialize_connection_kafka.kafka.name
    schema_name   = materialize_connection_kafka.kafka.schema_name
    database_name = materialize_connection_kafka.kafka.database_name
  }

  # One row for each customer. The server does not always see that in a query, so it is told.
  key              = ["customer_id"]
  key_not_enforced = true

  format {
    avro {
      value_compatibility_level = "BACKWARD_TRANSITIVE"

      schema_registry_connection {
        name          = materialize_connection_confluent_schema_registry.registry.name
        schema_name   = materialize_connection_confluent_schema_registry.registry.schema_name
        database_name = materialize_connection_confluent_schema_registry.registry.database_name
      }
    }
  }

  envelope {
    upsert = true
  }

  topic_config = {
    "cleanup.policy" = "compact"
  }
}
