//! The SQL that makes an object again: for `create_sql`, and for SHOW CREATE.

use super::alter::object;
use super::show::text_rows;
use super::{Boxed, Command, Context};
use crate::catalog::Id;
use crate::catalog::change::Object;
use crate::catalog::item::{Definition, Item};
use crate::catalog::privileges::{AclMode, ObjectKind};
use crate::datum::{Outcome, SqlError};
use crate::sql::Kind;
use crate::sql::doc::Doc;
use crate::sql::error::{Hint, plan, unsupported};
use crate::sql::interval;
use crate::sql::parser::{Parsed, Parser};
use crate::sql::print::{Mode, Printer, literal};
use std::sync::Arc;

/// How wide the server lays SHOW CREATE out.
const WIDTH: usize = 100;

/// The statement that makes an item; None for what has none.
pub fn create_sql(p: &Printer, item: &Item) -> Option<Doc> {
    match &item.definition {
        Definition::Table(t) => Some(super::table::print(p, item.id, t)),
        Definition::View(v) => Some(super::view::print_view(p, item.id, v)),
        Definition::MaterializedView(m) => Some(super::view::print_materialized(p, item.id, m)),
        Definition::Index(i) => Some(super::index::print(p, &item.name, i)),
        Definition::Type(t) => Some(super::types::print(p, item.id, t)),
        Definition::Connection(c) => Some(super::connection::print(p, item.id, c)),
        Definition::Source(s) => Some(super::source::print(p, item.id, s)),
        Definition::Sink(s) => Some(super::sink::print(p, item.id, s)),
        Definition::Secret | Definition::System(_) | Definition::SystemType(..) => None,
    }
}

/// `create_sql` (or its redacted form) of an item.
pub fn create_text(catalog: &crate::catalog::Catalog, item: &Item, mode: Mode) -> Option<String> {
    create_sql(&Printer::new(catalog, mode), item).map(|d| d.one_line())
}

struct ShowCreate {
    kind: ObjectKind,
    name: Vec<String>,
    redacted: bool,
}

const KINDS: [(&str, ObjectKind); 8] = [
    ("TABLE", ObjectKind::Table),
    ("VIEW", ObjectKind::View),
    ("MATERIALIZED VIEW", ObjectKind::MaterializedView),
    ("SOURCE", ObjectKind::Source),
    ("SINK", ObjectKind::Sink),
    ("INDEX", ObjectKind::Index),
    ("CONNECTION", ObjectKind::Connection),
    ("CLUSTER", ObjectKind::Cluster),
];

/// `CREATE kind name` after SHOW; None when CREATE is the name of a variable.
pub fn show_create(p: &mut Parser) -> Parsed<Option<Boxed>> {
    let mark = p.mark();
    let redacted = p.kw("REDACTED");
    p.kw("CREATE");
    let kind = match KINDS.iter().find(|(words, _)| p.kws(words)) {
        Some((_, kind)) => *kind,
        None if p.kw("TYPE") => ObjectKind::Type,
        None => {
            p.back_to(mark);
            return Ok(None);
        }
    };
    Ok(Some(Arc::new(ShowCreate { kind, name: p.name()?, redacted })))
}

impl Command for ShowCreate {
    fn kind(&self) -> Kind {
        Kind::Show
    }
    fn run(&self, cx: &mut Context<'_>) -> Result<Outcome, SqlError> {
        let shown = match self.kind {
            ObjectKind::Cluster => object(cx, self.kind, &self.name)?,
            kind => {
                let id = match kind {
                    ObjectKind::Type => cx.catalog.resolve_kind(&cx.session.names, &self.name, kind)?,
                    _ => cx.catalog.resolve_item(&cx.session.names, &self.name)?,
                };
                check_kind(cx, id, kind)?;
                Object::Item(id)
            }
        };
        let (name, sql) = match shown {
            Object::Item(id) => {
                let shown = item(cx, id, self.redacted)?;
                cx.catalog.check_around(cx.session, Object::Item(id), AclMode::USAGE)?;
                shown
            }
            Object::Cluster(id) => cluster(cx, id)?,
            _ => return Err(plan("SHOW CREATE is not supported for this object")),
        };
        Ok(text_rows(&["name", "create_sql"], vec![vec![name, sql]]))
    }
}

/// Refuses an item that is of another kind than was asked for. Unlike other statements, this one says its full name.
fn check_kind(cx: &Context<'_>, id: Id, kind: ObjectKind) -> Result<(), SqlError> {
    let (own, name) = (cx.catalog.kind_of(Object::Item(id)), cx.catalog.dotted(id));
    if !id.is_user() && matches!(kind, ObjectKind::Table | ObjectKind::Source) {
        return Err(plan(format!("cannot show create for system object {name}")));
    }
    match (own, kind) {
        (ObjectKind::MaterializedView, ObjectKind::View) => Err(plan(format!("{name} is not a view"))
            .hint("Use SHOW CREATE MATERIALIZED VIEW to show a materialized view.")),
        _ if own == kind => Ok(()),
        _ => Err(plan(format!("{name} is not a {}", kind.words()))),
    }
}

fn item(cx: &Context<'_>, id: Id, redacted: bool) -> Result<(String, String), SqlError> {
    let Some(item) = cx.catalog.items.get(&id) else { return Err(plan("no such item")) };
    let name = cx.catalog.dotted(id);
    let mut printer = Printer::new(cx.catalog, Mode::Simple);
    printer.redact = redacted;
    let Some(doc) = create_sql(&printer, item) else {
        return Err(unsupported(&format!("the definition of {name}, which is the system's")));
    };
    // The server names a type by its own name only.
    let shown = if matches!(item.definition, Definition::Type(_)) { item.name.clone() } else { name };
    Ok((shown, doc.then(";").pretty(WIDTH)))
}

fn cluster(cx: &Context<'_>, id: Id) -> Result<(String, String), SqlError> {
    let Some(cluster) = cx.catalog.clusters.get(&id) else { return Err(plan("no such cluster")) };
    let Some(m) = &cluster.managed else {
        return Err(plan("SHOW CREATE for unmanaged clusters not yet supported"));
    };
    let mut options = Vec::new();
    if !m.availability_zones.is_empty() {
        let zones: Vec<String> = m.availability_zones.iter().map(|z| literal(z)).collect();
        options.push(format!("AVAILABILITY ZONES = ({})", zones.join(", ")));
    }
    options.push(format!("INTROSPECTION DEBUGGING = {}", m.introspection_debugging));
    options.push(match m.introspection_interval {
        Some(ms) => format!("INTROSPECTION INTERVAL = INTERVAL '{}'", interval::show(ms)),
        None => "INTROSPECTION INTERVAL = NULL".into(),
    });
    options.push("MANAGED = true".into());
    if m.on_refresh.is_none() {
        options.push(format!("REPLICATION FACTOR = {}", m.replication_factor));
    }
    options.push(format!("SIZE = {}", literal(&m.size)));
    options.push(match m.on_refresh {
        Some(ms) => format!("SCHEDULE = ON REFRESH (HYDRATION TIME ESTIMATE = '{}')", interval::show(ms)),
        None => "SCHEDULE = MANUAL".into(),
    });
    if let Some(hydration) = &m.hydration {
        let linger = hydration.linger.map(|ms| format!(", LINGER DURATION = '{}'", interval::show(ms)));
        let size = format!("HYDRATION SIZE = {}{}", literal(&hydration.size), linger.unwrap_or_default());
        options.push(format!("AUTO SCALING STRATEGY = (ON HYDRATION ({size}))"));
    }
    if let Some(class) = &m.workload_class {
        options.push(format!("WORKLOAD CLASS = {}", literal(class)));
    }
    let quoted = crate::sql::print::quoted(&cluster.name);
    Ok((cluster.name.clone(), format!("CREATE CLUSTER {quoted} ({})", options.join(", "))))
}
