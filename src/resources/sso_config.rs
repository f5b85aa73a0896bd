//! `materialize_sso_config`: an identity provider with which the organisation's users sign in.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value as Json, json};

use super::sso::CONFIGS;
use crate::declare::remote::*;
use crate::declare::*;
use crate::diag::Diagnostic;
use crate::value::Value;

/// The certificate in a text that may be its base64, and that of it, as the service has it.
fn decoded(text: &str) -> String {
    let mut text = text.to_owned();
    while !text.contains("-----BEGIN") {
        let packed: String = text.split_whitespace().collect();
        match BASE64_STANDARD.decode(packed).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(inner) if !inner.is_empty() => text = inner,
            _ => break,
        }
    }
    text
}

/// Certificates that differ only in line ends and in how often they are base64.
fn certificates(a: &Value, b: &Value) -> bool {
    let plain = |value: &Value| {
        let text = decoded(value.as_text()?);
        Some(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned())
    };
    plain(a).unwrap_or_default() == plain(b).unwrap_or_default()
}

/// The certificate of an answer as text: decoded if that gives a certificate, else as it is.
fn certificate(found: &Json) -> Value {
    let Some(text) = found["publicCertificate"].as_str().filter(|text| !text.is_empty()) else { return Value::Null };
    let plain = decoded(text);
    Value::text(if plain.contains("-----BEGIN") { &plain } else { text })
}

fn read(found: &Json, _: &Context, state: &mut Value) {
    // A secret of which the configuration says nothing cannot be taken away: only an import asks for it.
    let asked = state.get("type").is_null() || !state.get("oidc_secret").is_null();
    state.set("id", text_of(&found["id"]));
    state.set("enabled", found["enabled"].as_bool().unwrap_or_default().into());
    state.set("sign_request", found["signRequest"].as_bool().unwrap_or_default().into());
    for (attr, member) in [("sso_endpoint", "ssoEndpoint"), ("type", "type"), ("oidc_client_id", "oidcClientId")] {
        state.set(attr, text_of(&found[member]));
    }
    // A secret that the service masks or leaves out is as it was.
    if let Some(secret) = found["oidcSecret"].as_str().filter(|text| !text.is_empty() && !text.contains("***"))
        && state.get("oidc_secret_wo_version").is_null()
        && asked
    {
        state.set("oidc_secret", Value::text(secret));
    }
    state.set("public_certificate", certificate(found));
}

fn body(v: &Values, context: &Context) -> Json {
    let mut body = json!({
        "enabled": v.is_true("enabled"),
        "ssoEndpoint": v.str("sso_endpoint"),
        "publicCertificate": v.str("public_certificate"),
        "signRequest": v.is_true("sign_request"),
        "acsUrl": format!("{}/auth/saml/callback", context.endpoint),
        "spEntityId": format!("{}/auth/saml/metadata", context.base_endpoint),
        "type": v.str("type").to_lowercase(),
        "oidcClientId": v.str("oidc_client_id"),
    });
    if let Some(secret) = v.write_only("oidc_secret_wo").or_else(|| v.text("oidc_secret")) {
        body["oidcSecret"] = json!(secret);
    }
    body
}

pub const SSO_CONFIG: Resource = Resource {
    name: "materialize_sso_config",
    doc: "Single sign-on: an identity provider, by SAML or OpenID Connect, with which the organization's users sign in. \
          Every change is made in place.",
    attrs: &[
        boolean("enabled").required().doc("Whether users can sign in by it."),
        text("sso_endpoint").required().length(1, 2000).doc("The address where users sign in."),
        text("type").required().keyword(&["saml", "oidc"]).doc("`saml` or `oidc`."),
        text("public_certificate")
            .same(certificates)
            .doc("The provider's certificate, in PEM or the base64 of that. Required for SAML."),
        boolean("sign_request").required().doc("Whether requests to the provider are signed."),
        text("oidc_client_id").doc("OpenID Connect: the client's id."),
        text("oidc_secret")
            .sensitive()
            .doc("OpenID Connect: the client's secret. It is kept in the state: prefer `oidc_secret_wo`."),
        text("oidc_secret_wo").write_only().doc("OpenID Connect: the client's secret, stored nowhere."),
        int("oidc_secret_wo_version").doc("Change it to have `oidc_secret_wo` sent again."),
    ],
    rules: &[
        Rule::Conflicts("oidc_secret", &["oidc_secret_wo"]),
        Rule::together(&["oidc_secret_wo", "oidc_secret_wo_version"]),
    ],
    validate: |config| {
        let saml = config.get("type").as_text().is_some_and(|word| word.eq_ignore_ascii_case("saml"));
        let detail = "SAML needs the provider's `public_certificate`.";
        let missing = || Diagnostic::error("Missing public_certificate", detail).at("type");
        (saml && config.get("public_certificate").is_null()).then(missing).into_iter().collect()
    },
    remote: Some(&Remote {
        names: &["sso_endpoint"],
        lists: |_| vec![CONFIGS],
        read,
        create: |v, context| Ok(vec![Call::new(Method::Post, CONFIGS.path).json(body(v, context))]),
        alters: &[
            "enabled", "sso_endpoint", "type", "public_certificate", "sign_request", "oidc_client_id", "oidc_secret",
            "oidc_secret_wo_version",
        ],
        update: |c, context| {
            let call = Call::new(Method::Patch, CONFIGS.path).part(c.new.str("id"));
            Ok(vec![call.json(body(&c.new, context))])
        },
        delete: |v, _| vec![Call::new(Method::Delete, CONFIGS.path).part(v.str("id"))],
        ..Remote::NONE
    }),
    ..Resource::NONE
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_has_several_spellings() {
        let pem = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n";
        let once = BASE64_STANDARD.encode(pem);
        let twice = BASE64_STANDARD.encode(&once);
        for other in [pem.trim(), &pem.replace('\n', "\r\n"), &once, &twice] {
            assert!(certificates(&Value::text(pem), &Value::text(other)), "{other}");
        }
        assert!(!certificates(&Value::text(pem), &Value::text(pem.replace('Q', "R"))));
        assert_eq!(certificate(&json!({ "publicCertificate": once })), Value::text(pem));
        assert_eq!(certificate(&json!({ "publicCertificate": "not one" })), Value::text("not one"));
    }
}
