//! TOML.

use toml_edit::{Array, Decor, DocumentMut, Item, Key as Name, RawString, Table, TableLike, Value};

use super::{Done, Key, Settings, Wanted, leaves};
use crate::project::is_large;

pub(super) fn set(text: &str, key: &Key<'_>) -> Result<Option<Done>, String> {
    // The editor ends every line, and all of them alike.
    let is_dos = text.contains("\r\n");
    let is_open = !text.is_empty() && !text.ends_with('\n');
    let ended = format!("{text}{}", if is_open { "\n" } else { "" }).replace("\r\n", "\n");
    let written = |document: &DocumentMut| {
        let mut text = document.to_string();
        if is_open {
            text.truncate(text.trim_end_matches('\n').len());
        }
        if is_dos { text.replace('\n', "\r\n") } else { text }
    };
    let mut document: DocumentMut = ended.parse().map_err(|_| NOT_TOML.to_owned())?;
    if written(&document) != text {
        return Err("cannot be written back as it is".to_owned());
    }
    let path = Name::parse(key.name).map_err(|_| format!("cannot hold the key `{}`", key.name))?;
    let (last, above) = path.split_last().ok_or("has no key without a name")?;
    let mut table: &mut dyn TableLike = document.as_table_mut();
    let mut is_inline = false;
    for name in above {
        if !table.contains_key(name.get()) {
            if !key.add {
                return Ok(None);
            }
            table.entry_format(name).or_insert(Item::Table(Table::new()));
        }
        let item = table.get_mut(name.get());
        is_inline = item.as_ref().is_some_and(|item| item.is_inline_table());
        let below = item.and_then(Item::as_table_like_mut);
        table = below.ok_or_else(|| format!("has no table `{}`", name.get()))?;
    }
    let value = match table.get_mut(last.get()) {
        None if !key.add => return Ok(None),
        None => {
            let mut value = value(key.value);
            if is_inline && let Some((_, Item::Value(before))) = table.iter_mut().last() {
                // The blank before the closing brace stays there.
                value.decor_mut().set_suffix(before.decor().suffix().cloned().unwrap_or_default());
                before.decor_mut().set_suffix("");
            }
            table.entry_format(last).or_insert(Item::Value(value.clone()));
            value
        }
        Some(Item::Value(old)) => replace(old, key)?,
        Some(_) => return Err(format!("has more than one value in `{}`", key.name)),
    };
    let text = written(&document);
    let path = path.iter().map(|name| name.get().to_owned()).collect();
    Ok(Some(Done { text, path, value: json(&value) }))
}

/// Puts the new value in the old one's place, with what stands around it.
fn replace(old: &mut Value, key: &Key<'_>) -> Result<Value, String> {
    match (&mut *old, key.value) {
        (Value::Array(array), Wanted::List(items)) if key.append => {
            for item in items {
                if !array.iter().any(|it| it.as_str() == Some(item)) {
                    push(array, item).ok_or_else(|| format!("has a comment at the end of `{}`", key.name))?;
                }
            }
            return Ok(old.clone());
        }
        (_, _) if key.append => return Err(format!("has no list in `{}`", key.name)),
        (Value::InlineTable(_), _) => return Err(format!("has more than one value in `{}`", key.name)),
        (Value::Array(_), Wanted::Text(_) | Wanted::Integer(_) | Wanted::Bool(_)) => {
            return Err(format!("has a list in `{}`", key.name));
        }
        (_, _) => {}
    }
    let around = old.decor().clone();
    *old = value(key.value);
    *old.decor_mut() = around;
    Ok(old.clone())
}

/// Adds an item to a list as its last one is written. A comment behind that one would become the new one's.
fn push(array: &mut Array, item: &str) -> Option<()> {
    let raw = |raw: Option<&RawString>| raw.and_then(RawString::as_str).unwrap_or_default().to_owned();
    let mut value = Value::from(item);
    let Some(at) = array.len().checked_sub(1) else {
        array.push(value);
        return Some(());
    };
    let trailing = raw(Some(array.trailing()));
    let last = array.get_mut(at)?.decor_mut();
    let (prefix, suffix) = (raw(last.prefix()), raw(last.suffix()));
    if suffix.contains('#') || trailing.contains('#') {
        return None;
    }
    let before = prefix.rfind('\n').map_or(prefix.as_str(), |newline| &prefix[newline..]);
    let before = if at == 0 && before.is_empty() { " " } else { before };
    last.set_suffix("");
    *value.decor_mut() = Decor::new(before, suffix);
    array.push_formatted(value);
    Some(())
}

fn value(wanted: &Wanted) -> Value {
    match wanted {
        Wanted::Text(text) => Value::from(text.as_str()),
        Wanted::List(items) => Value::Array(items.iter().map(String::as_str).collect()),
        Wanted::Integer(number) => Value::from(*number),
        Wanted::Bool(flag) => Value::from(*flag),
    }
}

const NOT_TOML: &str = "is no TOML";

/// A value of TOML in the notation in which they are compared.
fn json(value: &Value) -> String {
    match value {
        Value::String(text) => serde_json::Value::from(text.value().as_str()).to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(",")),
        Value::Integer(number) => number.value().to_string(),
        Value::Boolean(flag) => flag.value().to_string(),
        other => other.to_string(),
    }
}

pub(super) fn read(text: &str) -> Result<Settings, String> {
    if is_large(text) {
        return Err("is too large to be read".to_owned());
    }
    let document: toml::Table = text.parse().map_err(|_| NOT_TOML.to_owned())?;
    let document = serde_json::to_value(document).map_err(|_| NOT_TOML.to_owned())?;
    let mut settings = Settings::new();
    leaves(&document, &mut Vec::new(), &mut settings);
    Ok(settings)
}
