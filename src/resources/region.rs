//! `materialize_region`: a region of the cloud that is enabled for the organisation.

use serde_json::{Value as Json, json};

use crate::declare::remote::*;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::value::Value;

const DURATION: Check =
    Check::Text(|text| same::interval_micros(text).is_some_and(|n| n > 0), "a time such as \"20m\" or \"1 hour\"");

fn id(state: &Value) -> Value {
    Some(state.get("region_id")).filter(|id| !id.is_null()).unwrap_or(state.get("id")).clone()
}

fn read(found: &Json, _: &Context, state: &mut Value) {
    let info = &found["info"];
    state.set("id", text_of(&found["id"]));
    state.set("region_id", text_of(&found["id"]));
    state.set("sql_address", text_of(&info["sqlAddress"]));
    state.set("http_address", text_of(&info["httpAddress"]));
    state.set("resolvable", info["resolvable"].as_bool().unwrap_or_default().into());
    state.set("region_state", info["resolvable"].as_bool().unwrap_or_default().into());
    state.set("enabled_at", text_of(&info["enabledAt"]));
}

pub const REGION: Resource = Resource {
    name: "materialize_region",
    doc: "A region that is enabled for the organization. Enabling takes minutes, and the apply waits until the region answers SQL, so \
          that what is in it can be made in the same apply (with `depends_on`). A region that is enabled already is taken as \
          it is.",
    attrs: &[
        text("region_id").required().length(1, 100).doc("The region, such as `aws/us-east-1`."),
        boolean("disable_on_destroy")
            .default(Default::Bool(false))
            .stored("it only says what destroying does")
            .doc(
                "Whether destroying asks the service to disable the region, with everything in it. The service refuses that \
                 to most customers. Otherwise the region is only taken out of the state, and goes on.",
            ),
        block("timeouts", &[text("create").check(DURATION).stored("it only says how long to wait").doc(
            "How long to wait until a region that is being enabled answers SQL, 20 minutes if not set.",
        )])
        .stored("it only says how long to wait")
        .doc("How long to wait."),
        text("sql_address").computed().doc("Where SQL is answered: host and port."),
        text("http_address").computed().doc("Where HTTP is answered: host and port."),
        boolean("resolvable").computed().doc("Whether the addresses' names resolve."),
        boolean("region_state").computed().doc("The same as `resolvable`, as the official provider has it."),
        text("enabled_at").computed().doc("When the region was enabled."),
    ],
    remote: Some(&Remote {
        names: &["region_id"],
        lists: |_| vec![REGIONS],
        find: |_, items, state| {
            let enabled = |item: &&Json| item["state"] != "disabled" && item["state"] != "soft-deleted";
            items.iter().filter(|item| text_of(&item["id"]) == id(state)).find(enabled).cloned()
        },
        read,
        import: |id| crate::provider::is_region(id).then(|| Value::from([("region_id", Value::text(id))])),
        forms: "the region, such as `aws/us-east-1`",
        create: |v, context| {
            let region = context.regions.iter().find(|region| region["id"] == v.str("region_id"));
            let Some(region) = region else {
                let ids: Vec<&str> = context.regions.iter().filter_map(|region| region["id"].as_str()).collect();
                let detail = format!("There is no region {:?}; there are {}.", v.str("region_id"), ids.join(", "));
                return Err(Diagnostic::error("Unknown region", detail).at("region_id"));
            };
            // To be told again would restart it, on a newer version perhaps.
            let enable = Call::new(Method::Patch, "/api/region").at(service(region)).json(json!({}));
            match region["state"].as_str() {
                Some("enabled" | "enablement-pending") => Ok(Vec::new()),
                Some("unknown") => Err(Diagnostic::error(
                    "Unknown state of a region",
                    format!("It is not known whether the region is enabled: {}", region["error"].as_str().unwrap_or_default()),
                )),
                _ => Ok(vec![enable]),
            }
        },
        created: |_, state| state.set("id", id(state)),
        delete: |v, context| match v.is_true("disable_on_destroy") {
            true => {
                let region = context.regions.iter().find(|region| region["id"] == v.str("region_id"));
                let call = |region| Call::new(Method::Delete, "/api/region").at(service(region));
                region.map(call).into_iter().collect()
            }
            false => Vec::new(),
        },
        left: |state| {
            let detail = "It is only taken out of the state: the service lets no customer disable a region. Everything in it \
                          goes on, and is billed. To be rid of it, ask Materialize's support.";
            let region = state.get("region_id").as_text().unwrap_or_default();
            let warning = Diagnostic::warning(format!("The region {region} is still enabled"), detail);
            (state.get("disable_on_destroy").as_bool() != Some(true)).then_some(warning)
        },
        regions: true,
        region: Some(|planned| planned.get("region_id").as_text().unwrap_or_default().to_owned()),
        ..Remote::NONE
    }),
    ..Resource::NONE
};

fn service(region: &Json) -> Service {
    Service::Region(region["url"].as_str().unwrap_or_default().to_owned())
}
