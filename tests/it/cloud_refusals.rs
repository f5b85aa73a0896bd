//! What the cloud's services refuse: each error says what was attempted, the request, what the service answered, and which
//! attribute it is about; and nothing is left behind.

use serde_json::json;

use crate::support::server::Server;
use crate::support::terraform::{Diagnostic, Terraform, binaries};

struct Refusal {
    what: &'static str,
    config: &'static str,
    /// All of this is in one error.
    says: &'static [&'static str],
    /// The line that the error points at begins so.
    at: &'static str,
}

const REFUSALS: &[Refusal] = &[
    Refusal {
        what: "a user who is there already",
        config: "resource \"materialize_user\" \"it\" {\n  email = \"admin@example.com\"\n  roles = [\"Member\"]\n}\n",
        says: &["Cannot create", "POST /identity/resources/users/v2", "409", "User already exists"],
        at: "email",
    },
    Refusal {
        what: "a role that is not there",
        config: "resource \"materialize_user\" \"it\" {\n  email = \"a@x.y\"\n  roles = [\"Nobody\"]\n}\n",
        says: &["Unknown role", "Nobody", "It has: Admin, Member"],
        at: "roles",
    },
    Refusal {
        what: "a domain that another configuration has",
        config: "resource \"materialize_sso_config\" \"it\" {\n  type = \"saml\"\n  enabled = false\n  \
                 sso_endpoint = \"https://idp.example.com\"\n  public_certificate = \"x\"\n  sign_request = true\n}\n\
                 resource \"materialize_sso_domain\" \"one\" {\n  sso_config_id = materialize_sso_config.it.id\n  domain = \"x.y\"\n}\n\
                 resource \"materialize_sso_domain\" \"two\" {\n  sso_config_id = materialize_sso_domain.one.sso_config_id\n  domain = \"x.y\"\n}\n",
        says: &["Cannot create", "POST", "409", "Domain already exists"],
        at: "domain",
    },
    Refusal {
        what: "a domain of a configuration that is not there",
        config: "resource \"materialize_sso_domain\" \"it\" {\n  sso_config_id = \"no-such\"\n  domain = \"x.y\"\n}\n",
        says: &["Cannot create", "404", "not found"],
        at: "sso_config_id",
    },
    Refusal {
        what: "a group whose name is taken",
        config: "resource \"materialize_scim_group\" \"one\" {\n  name = \"g\"\n}\n\
                 resource \"materialize_scim_group\" \"two\" {\n  name = \"g\"\n  depends_on = [materialize_scim_group.one]\n}\n",
        says: &["Cannot create", "POST /frontegg/identity/resources/groups/v1", "409", "A group with this name exists"],
        at: "name",
    },
    Refusal {
        what: "a user who is not there, in a group",
        config: "resource \"materialize_scim_group\" \"it\" {\n  name = \"g\"\n}\n\
                 resource \"materialize_scim_group_users\" \"it\" {\n  group_id = materialize_scim_group.it.id\n  users = [\"no-such\"]\n}\n",
        says: &["Cannot create", "404", "not found"],
        at: "users",
    },
    Refusal {
        what: "users of a group that is not there",
        config: "resource \"materialize_scim_group_users\" \"it\" {\n  group_id = \"no-such\"\n  users = []\n}\n",
        says: &["Cannot create scim group", "does not exist in the organization"],
        at: "group_id",
    },
    Refusal {
        what: "roles of a group that is not there",
        config: "resource \"materialize_scim_group_roles\" \"it\" {\n  group_id = \"no-such\"\n  roles = [\"Member\"]\n}\n",
        says: &["Cannot create scim group", "does not exist in the organization"],
        at: "group_id",
    },
    Refusal {
        what: "a role of the organization whose name is taken",
        config: "resource \"materialize_organization_role\" \"one\" {\n  name = \"r\"\n}\n\
                 resource \"materialize_organization_role\" \"two\" {\n  name = \"r\"\n  depends_on = [materialize_organization_role.one]\n}\n",
        says: &["Cannot create", "POST", "409", "A role with this key exists"],
        at: "name",
    },
    Refusal {
        what: "an app password with a role that is not there",
        config: "resource \"materialize_app_password\" \"it\" {\n  name = \"p\"\n  type = \"service\"\n  user = \"svc\"\n  roles = [\"Nobody\"]\n}\n",
        says: &["Nobody"],
        at: "roles",
    },
];

/// What a member of the organization may not do.
const FOR_ADMINISTRATORS: &[&str] = &[
    "resource \"materialize_user\" \"it\" {\n  email = \"a@x.y\"\n  roles = [\"Member\"]\n}\n",
    "resource \"materialize_scim_group\" \"it\" {\n  name = \"g\"\n}\n",
    "resource \"materialize_scim_config\" \"it\" {\n  source = \"okta\"\n  connection_name = \"c\"\n}\n",
    "resource \"materialize_organization_role\" \"it\" {\n  name = \"r\"\n}\n",
    "resource \"materialize_app_password\" \"it\" {\n  name = \"p\"\n  type = \"service\"\n  user = \"svc\"\n  roles = [\"Member\"]\n}\n",
];

fn applied(server: &Server, config: &str) -> Vec<Diagnostic> {
    let terraform = Terraform::for_server(&binaries()[0], server, "");
    terraform.write("main.tf", config);
    terraform.apply().errors()
}

#[test]
fn every_refusal_is_told_with_its_attribute() {
    let mut wrong = Vec::new();
    for refusal in REFUSALS {
        let errors = applied(&Server::organization(None, &[]), refusal.config);
        let fits = |error: &Diagnostic| {
            refusal.says.iter().all(|text| error.text().contains(text)) && error.code.trim().starts_with(refusal.at)
        };
        if !errors.iter().any(fits) {
            wrong.push(format!("{}: wanted {:?} at {}, got {errors:#?}", refusal.what, refusal.says, refusal.at));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), REFUSALS.len(), wrong.join("\n"));
}

#[test]
fn what_only_administrators_may_is_refused_with_a_reason() {
    let mut server = Server::organization(None, &[]);
    let roles = server.request("GET", "/identity/resources/roles/v2?_sortBy=key&_limit=2", None).expect("roles");
    let all = roles["items"].as_array().expect("roles");
    let member = all.iter().find(|role| role["key"] == "MaterializePlatform").expect("members")["id"].clone();
    let asked = json!({ "description": "m", "metadata": { "user": "m" }, "roleIds": [member] });
    let made = server.request("POST", "/identity/resources/tenants/api-tokens/v1", Some(&asked)).expect("a password");
    let part = |name: &str| made[name].as_str().expect("a part").replace('-', "");
    server.password = Some(format!("mzp_{}{}", part("clientId"), part("secret")));
    for config in FOR_ADMINISTRATORS {
        let errors = applied(&server, config);
        let says = ["403", "Insufficient permissions"];
        assert!(
            errors.iter().any(|error| says.iter().all(|text| error.text().contains(text))),
            "{config}: {errors:#?}"
        );
    }
}
