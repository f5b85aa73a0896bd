//! Drift, derived from updates: to whoever still has the configuration and the state from before an update, what it
//! altered is what somebody else changed. A plan from there must show all of it that the server can tell.

use std::collections::BTreeSet;

use provider::declare::{Attr, Presence};
use provider::engine::Declared;

use super::hcl;
use super::plan::{Action, Change, Plan, within, without_indices};
use super::terraform::Terraform;

/// Attributes that together say one thing: where one of them changes, the drift may show as another.
const TOGETHER: &[&str] = &["table", "schemas", "all_tables"];

/// What Terraform knew at one time.
pub struct Moment {
    config: String,
    state: String,
}

impl Moment {
    /// Now, with this text as the configuration that was applied last. `None`: there is no state yet.
    pub fn now(terraform: &Terraform, config: String) -> Option<Self> {
        let state = std::fs::read_to_string(terraform.folder.join("terraform.tfstate")).ok()?;
        Some(Self { config, state })
    }

    fn restore(&self, terraform: &Terraform) {
        terraform.write("main.tf", &self.config);
        terraform.write("terraform.tfstate", &self.state);
    }
}

/// Plans at `before`, against the server on which `update` has been carried out, and returns to now. `unseen`: paths in the
/// update which cannot show.
pub fn is_seen(terraform: &Terraform, before: &Moment, update: &Plan, unseen: &[String]) -> Result<(), String> {
    let renames =
        |but: &str| update.changes.iter().any(|change| change.address != but && change.changed.contains("name"));
    let altered: Vec<(&str, Vec<&str>)> = update
        .changes
        .iter()
        .filter(|change| change.action == Action::Update)
        .map(|change| (change.address.as_str(), told(change, &before.config, renames(&change.address))))
        .filter(|(_, paths)| !paths.is_empty())
        .collect();
    if altered.is_empty() {
        return Ok(());
    }
    let config = std::fs::read_to_string(terraform.folder.join("main.tf")).expect("a configuration");
    let now = Moment::now(terraform, config).expect("a state, after an update");
    before.restore(terraform);
    let planned = terraform.plan();
    let plan = planned.ok().then(|| Plan::new(&terraform.show_plan()));
    now.restore(terraform);
    let Some(plan) = plan else { return Err(format!("what was altered is no drift: {}", planned.report())) };
    for (address, paths) in altered {
        let back = plan.change(address);
        if back.is_some_and(|change| matches!(change.action, Action::Create | Action::Replace)) {
            continue;
        }
        let shown: BTreeSet<String> =
            back.into_iter().flat_map(|change| &change.changed).map(|path| without_indices(path)).collect();
        let hidden: Vec<&str> = paths
            .into_iter()
            .filter(|path| {
                let path = without_indices(path);
                let one_of = |path: &str| TOGETHER.iter().any(|name| within(path, name));
                let known = unseen.iter().any(|unseen| within(&path, unseen))
                    || (one_of(&path) && shown.iter().any(|shown| one_of(shown)));
                !known && !shown.iter().any(|shown| within(shown, &path) || within(&path, shown))
            })
            .collect();
        if !hidden.is_empty() {
            return Err(format!(
                "{address}: done by somebody else, a change of {hidden:?} is not seen:\n{}",
                plan.describe()
            ));
        }
    }
    Ok(())
}

/// The paths that an update changes and that a plan of this configuration can show.
fn told<'a>(change: &'a Change, config: &str, renames: bool) -> Vec<&'a str> {
    let kind = change.address.split('.').next().unwrap_or_default();
    let resource = provider::resources::ALL.iter().find(|resource| resource.name == kind);
    let (Some(resource), Some(block)) = (resource, hcl::block(config, &change.address)) else { return Vec::new() };
    let attrs = Declared::new(resource).attrs;
    let said: BTreeSet<String> = hcl::settings(config, &block).keys().map(|path| without_indices(path)).collect();
    // SQL that names what is renamed means what it meant.
    let names = |path: &str| attrs.iter().any(|attr| attr.name == path && attr.renamed.is_some());
    let paths = change.changed.iter().map(String::as_str).filter(|path| !(renames && names(path)));
    paths.filter(|path| !is_unreadable(attrs, path) && !is_servers(attrs, &without_indices(path), "", &said)).collect()
}

/// Whether the server does not tell the value at this path, so that neither a read nor an import can.
pub fn is_unreadable(attrs: &[Attr], path: &str) -> bool {
    attrs.iter().any(|attr| {
        let told = attr.stored.is_none() && !attr.unread && !attr.sensitive && !attr.name.ends_with("_wo_version");
        let inner = path.strip_prefix(attr.name).and_then(|rest| rest.strip_prefix('.'));
        let inner = inner.map(|rest| rest.split_once('.').map_or("", |(_, rest)| rest));
        match (attr.ty.block(), inner) {
            _ if !told => within(path, attr.name),
            (Some(attrs), Some(inner)) => is_unreadable(attrs, inner),
            _ => false,
        }
    })
}

/// Whether the value at this path is whatever the server says, since the configuration says nothing.
fn is_servers(attrs: &[Attr], path: &str, prefix: &str, said: &BTreeSet<String>) -> bool {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let Some(attr) = attrs.iter().find(|attr| attr.name == name) else { return false };
    let whole = format!("{prefix}{name}");
    match (attr.presence, attr.ty.block()) {
        (Presence::Computed, _) => true,
        (Presence::OptionalComputed, _) => attr.default.is_none() && !said.contains(&whole),
        (_, Some(inner)) if !rest.is_empty() => is_servers(inner, rest, &format!("{whole}."), said),
        _ => false,
    }
}
