//! `materialize_scim_config`: by which an identity provider writes users and groups into the organisation.

use serde_json::json;

use super::organization::{instant, instants};
use crate::declare::remote::*;
use crate::declare::*;

/// Every configuration, without its token.
pub const SCIM_CONFIGS: List = List::whole("/frontegg/directory/resources/v1/configurations/scim2");

pub const SCIM_CONFIG: Resource = Resource {
    name: "materialize_scim_config",
    doc: "SCIM, with which an identity provider writes its users and groups into the organization. The token that the \
          provider needs is shown once, when the configuration is made, and is kept in the state.",
    attrs: &[
        text("source")
            .required()
            .keyword(&["okta", "azure-ad", "other"])
            .doc("The identity provider: `okta`, `azure-ad` or `other`."),
        text("connection_name").required().length(1, 255).doc("What the connection is called."),
        text("tenant_id").computed().doc("The organization's id."),
        boolean("sync_to_user_management").computed().doc("Whether users are made of those who are written."),
        text("created_at").computed().same(instants).doc("When it was made."),
        text("token").computed().sensitive().doc("The token with which the identity provider signs in."),
        text("provisioning_url").computed().sensitive().doc("The address to which the identity provider writes."),
    ],
    remote: Some(&Remote {
        names: &["connection_name"],
        lists: |_| vec![SCIM_CONFIGS],
        read: |found, context, state| {
            let id = found["id"].as_str().unwrap_or_default();
            let url = format!("{}/frontegg/directory/resources/scim/v2.0/{id}", context.endpoint);
            state.set("source", text_of(&found["source"]));
            state.set("connection_name", text_of(&found["connectionName"]));
            state.set("tenant_id", text_of(&found["tenantId"]));
            state.set("sync_to_user_management", found["syncToUserManagement"].as_bool().into());
            state.set("created_at", found["createdAt"].as_str().map(instant).unwrap_or_default());
            state.set("provisioning_url", crate::value::Value::text(url));
        },
        create: |v, _| {
            let body = json!({
                "source": v.str("source").to_lowercase(),
                "connectionName": v.str("connection_name"),
                "syncToUserManagement": true,
            });
            Ok(vec![Call::new(Method::Post, SCIM_CONFIGS.path).json(body)])
        },
        created: |answer, state| {
            state.set("id", text_of(&answer["id"]));
            state.set("token", text_of(&answer["token"]));
        },
        delete: |v, _| vec![Call::new(Method::Delete, SCIM_CONFIGS.path).part(v.str("id"))],
        ..Remote::NONE
    }),
    ..Resource::NONE
};
