//! A plan as Terraform shows it in JSON, reduced to what a test wants to know.

use std::collections::BTreeSet;

use serde_json::Value;

/// What a plan does to one resource.
#[derive(Clone, Debug)]
pub struct Change {
    pub address: String,
    pub action: Action,
    /// Paths of the leaves that differ or will be known only after apply.
    pub changed: BTreeSet<String>,
    /// Paths of the attributes that make a replacement necessary.
    pub replacing: BTreeSet<String>,
    before: Value,
    after: Value,
    sensitive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    NoOp,
    Create,
    Read,
    Update,
    Replace,
    Delete,
    Forget,
}

impl Action {
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "no-op" => Self::NoOp,
            "create" => Self::Create,
            "read" => Self::Read,
            "update" => Self::Update,
            "replace" => Self::Replace,
            "delete" => Self::Delete,
            "forget" => Self::Forget,
            _ => return None,
        })
    }
}

pub struct Plan {
    pub changes: Vec<Change>,
}

impl Plan {
    pub fn new(plan: &Value) -> Self {
        let list = plan["resource_changes"].as_array().cloned().unwrap_or_default();
        Self { changes: list.iter().map(Change::new).collect() }
    }

    pub fn change(&self, address: &str) -> Option<&Change> {
        self.changes.iter().find(|change| change.address == address)
    }

    /// Everything that the plan does, for a failure's message.
    pub fn describe(&self) -> String {
        let acting = self.changes.iter().filter(|change| change.action != Action::NoOp);
        let text: Vec<String> = acting.map(Change::describe).collect();
        if text.is_empty() { "the plan does nothing".to_owned() } else { text.join("\n") }
    }
}

impl Change {
    fn new(value: &Value) -> Self {
        let change = &value["change"];
        let actions: Vec<&str> = change["actions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let action = match actions[..] {
            [one] => Action::parse(one).unwrap_or_else(|| panic!("unknown action {one}")),
            ["delete", "create"] | ["create", "delete"] => Action::Replace,
            _ => panic!("unknown actions {actions:?}"),
        };
        let mut changed = BTreeSet::new();
        differences(&change["before"], &change["after"], "", &mut changed);
        unknowns(&change["after_unknown"], "", &mut changed);
        let replacing = change["replace_paths"].as_array().into_iter().flatten().map(path).collect();
        Self {
            address: value["address"].as_str().unwrap_or_default().to_owned(),
            action,
            changed,
            replacing,
            before: change["before"].clone(),
            after: change["after"].clone(),
            sensitive: is_marked(&change["before_sensitive"]) || is_marked(&change["after_sensitive"]),
        }
    }

    pub fn describe(&self) -> String {
        let mut text = format!("{}: {:?}", self.address, self.action);
        if !self.replacing.is_empty() {
            text += &format!(" because of {:?}", self.replacing);
        }
        if matches!(self.action, Action::Update | Action::Replace) {
            for path in &self.changed {
                let (before, after) = (at(&self.before, path), at(&self.after, path));
                text += &match self.sensitive {
                    true => format!("\n    {path}"),
                    false => format!("\n    {path}: {before} -> {after}"),
                };
            }
        }
        text
    }
}

fn is_marked(marks: &Value) -> bool {
    match marks {
        Value::Bool(mark) => *mark,
        Value::Array(list) => list.iter().any(is_marked),
        Value::Object(map) => map.values().any(is_marked),
        _ => false,
    }
}

fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    let step = |value: &'a Value, step: &str| match step.parse::<usize>() {
        Ok(index) if value.is_array() => &value[index],
        _ => &value[step],
    };
    path.split('.').fold(value, step)
}

fn path(path: &Value) -> String {
    let steps = path.as_array().into_iter().flatten();
    let step = |step: &Value| step.as_str().map_or_else(|| step.to_string(), str::to_owned);
    steps.map(step).collect::<Vec<_>>().join(".")
}

fn join(path: &str, step: impl std::fmt::Display) -> String {
    if path.is_empty() { step.to_string() } else { format!("{path}.{step}") }
}

fn differences(before: &Value, after: &Value, path: &str, found: &mut BTreeSet<String>) {
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                let get = |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or(Value::Null);
                differences(&get(a), &get(b), &join(path, key), found);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for index in 0..a.len().max(b.len()) {
                let get = |list: &[Value]| list.get(index).cloned().unwrap_or(Value::Null);
                differences(&get(a), &get(b), &join(path, index), found);
            }
        }
        _ if before != after => {
            found.insert(path.to_owned());
        }
        _ => {}
    }
}

fn unknowns(marks: &Value, path: &str, found: &mut BTreeSet<String>) {
    match marks {
        Value::Bool(true) => {
            found.insert(path.to_owned());
        }
        Value::Array(list) => list.iter().enumerate().for_each(|(i, mark)| unknowns(mark, &join(path, i), found)),
        Value::Object(map) => map.iter().for_each(|(key, mark)| unknowns(mark, &join(path, key), found)),
        _ => {}
    }
}

/// Whether `path` is `prefix` or inside of it.
pub fn within(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A path with no numbers of blocks.
pub fn without_indices(path: &str) -> String {
    path.split('.').filter(|step| step.parse::<usize>().is_err()).collect::<Vec<_>>().join(".")
}

/// What a plan shows to everybody: the whole document without the values marked as sensitive, and without the
/// configuration and the variables, which are the user's own text. The planned values are in `resource_changes` too;
/// in `planned_values` Terraform leaves the marks of a resource out where a part of it is unknown.
pub fn visible(plan: &Value) -> Value {
    let mut seen = plan.clone();
    if let Some(map) = seen.as_object_mut() {
        map.remove("configuration");
        map.remove("variables");
        map.remove("planned_values");
    }
    mask(&mut seen);
    seen
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (values, marks) in
                [("before", "before_sensitive"), ("after", "after_sensitive"), ("values", "sensitive_values")]
            {
                if let (Some(marks), Some(values)) = (map.get(marks).cloned(), map.get_mut(values)) {
                    blank(values, &marks);
                }
            }
            map.values_mut().for_each(mask);
        }
        Value::Array(list) => list.iter_mut().for_each(mask),
        _ => {}
    }
}

fn blank(value: &mut Value, marks: &Value) {
    match (value, marks) {
        (value, Value::Bool(true)) => *value = Value::Null,
        (Value::Object(map), Value::Object(marks)) => {
            for (key, mark) in marks {
                if let Some(value) = map.get_mut(key) {
                    blank(value, mark);
                }
            }
        }
        (Value::Array(list), Value::Array(marks)) => {
            list.iter_mut().zip(marks).for_each(|(value, mark)| blank(value, mark));
        }
        _ => {}
    }
}

/// Where `expected` is not contained in `actual`: objects may have more members, everything else must be equal.
pub fn missing(expected: &Value, actual: &Value, path: &str, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(_)) => {
            for (key, value) in expected {
                missing(value, &actual[key], &join(path, key), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                missing(a, b, &join(path, index), found);
            }
        }
        // 1 and 1.0 are the same number.
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        _ if expected == actual => {}
        _ => found.push(format!("{path}: expected {expected}, found {actual}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_what_differs() {
        let change = Change::new(&json!({"address": "a.b", "change": {
            "actions": ["delete", "create"], "replace_paths": [["name"], ["x", 0, "y"]],
            "before": {"same": 1, "name": "a", "list": [{"v": 1}]},
            "after": {"same": 1, "name": "b", "list": [{"v": 1}, {"v": 2}]},
            "after_unknown": {"id": true, "list": [{}, {"w": true}]},
        }}));
        assert_eq!(change.action, Action::Replace);
        let changed: Vec<&str> = change.changed.iter().map(String::as_str).collect();
        assert_eq!(changed, ["id", "list.1", "list.1.w", "name"]);
        let replacing: Vec<&str> = change.replacing.iter().map(String::as_str).collect();
        assert_eq!(replacing, ["name", "x.0.y"]);
    }

    #[test]
    fn masks_only_what_is_marked() {
        let plan = json!({"configuration": {"value": "hidden"}, "resource_changes": [{"change": {
            "after": {"value": "hidden", "name": "shown", "list": [{"text": "hidden"}]},
            "after_sensitive": {"value": true, "list": [{"text": true}]},
        }}]});
        let text = visible(&plan).to_string();
        assert!(!text.contains("hidden") && text.contains("shown"), "{text}");
        let leak = json!({"resource_changes": [{"change": {"after": {"name": "hidden"}, "after_sensitive": {}}}]});
        assert!(visible(&leak).to_string().contains("hidden"));
    }
}
