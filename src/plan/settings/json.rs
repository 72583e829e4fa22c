//! JSON, with or without comments.

use jsonc_parser::cst::{CstArray, CstInputValue, CstObjectProp, CstRootNode};
use serde_json::Value;

use super::{Done, Key, Settings, Wanted, leaves};
use crate::project::{jsonc_options, parse_jsonc};

const NOT_JSON: &str = "is no JSON";

pub(super) fn set(text: &str, key: &Key<'_>) -> Result<Option<Done>, String> {
    let root = CstRootNode::parse(text, &jsonc_options()).map_err(|_| NOT_JSON.to_owned())?;
    let path: Vec<String> = key.name.split('.').map(str::to_owned).collect();
    let (last, above) = path.split_last().ok_or("has no key without a name")?;
    let mut object = root.object_value_or_create().ok_or("holds no object")?;
    for name in above {
        if object.get(name).is_none() && !key.add {
            return Ok(None);
        }
        let below = object.object_value_or_create(name);
        object = below.ok_or_else(|| format!("has no object `{name}`"))?;
    }
    let value = match object.get(last) {
        None if !key.add => return Ok(None),
        None => {
            object.append(last, input(key.value));
            json(key.value)
        }
        Some(property) => replace(&property, key)?,
    };
    Ok(Some(Done { text: root.to_string(), path, value: value.to_string() }))
}

/// Puts the new value in the old one's place.
fn replace(property: &CstObjectProp, key: &Key<'_>) -> Result<Value, String> {
    let old = property.value();
    let array = old.as_ref().and_then(|value| value.as_array());
    match (array, key.value) {
        (Some(array), Wanted::List(items)) if key.append => Ok(append(&array, items)),
        _ if key.append => Err(format!("has no list in `{}`", key.name)),
        (Some(_), Wanted::Text(_) | Wanted::Integer(_) | Wanted::Bool(_)) => {
            Err(format!("has a list in `{}`", key.name))
        }
        _ if old.is_some_and(|value| value.as_object().is_some()) => {
            Err(format!("has more than one value in `{}`", key.name))
        }
        _ => {
            property.set_value(input(key.value));
            Ok(json(key.value))
        }
    }
}

/// Adds what is missing to a list, and says what it then holds.
fn append(array: &CstArray, items: &[String]) -> Value {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let plain = |text: String| parse_jsonc(&text).ok().flatten().map(Value::from);
    let mut all: Vec<Value> =
        array.elements().iter().filter_map(|element| plain(element.to_string())).collect();
    for item in items {
        if !all.iter().any(|it| text(it).as_ref() == Some(item)) {
            array.append(CstInputValue::String(item.clone()));
            all.push(Value::from(item.as_str()));
        }
    }
    Value::Array(all)
}

fn input(wanted: &Wanted) -> CstInputValue {
    match wanted {
        Wanted::Text(text) => CstInputValue::String(text.clone()),
        Wanted::List(items) => {
            CstInputValue::Array(items.iter().map(|item| CstInputValue::String(item.clone())).collect())
        }
        Wanted::Integer(number) => CstInputValue::Number(number.to_string()),
        Wanted::Bool(flag) => CstInputValue::Bool(*flag),
    }
}

fn json(wanted: &Wanted) -> Value {
    match wanted {
        Wanted::Text(text) => Value::from(text.as_str()),
        Wanted::List(items) => Value::from(items.as_slice()),
        Wanted::Integer(number) => Value::from(*number),
        Wanted::Bool(flag) => Value::from(*flag),
    }
}

pub(super) fn read(text: &str) -> Result<Settings, String> {
    let value = parse_jsonc(text).map_err(|(_, why)| format!("is no JSON: {why}"))?;
    let mut settings = Settings::new();
    if let Some(value) = value {
        leaves(&Value::from(value), &mut Vec::new(), &mut settings);
    }
    Ok(settings)
}
