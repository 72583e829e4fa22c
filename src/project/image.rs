//! Container images that a file names, with the variables in their names filled in.

use super::located::Located;

/// A container image that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its whole name, such as `docker.io/library/elixir:1.17-alpine`.
    pub name: Located<String>,
    /// What was filled in, and where that stands.
    pub filled_in: Vec<Located<String>>,
}

/// Longer than any image's name.
const LONGEST: usize = 512;

/// Fills in `$NAME`, `${NAME}` and `${NAME:-default}`. `None` where a value is not known, or the text is longer than any
/// image's name.
pub(super) fn fill_in(
    written: &Located<String>,
    lookup: &dyn Fn(&str) -> Option<Located<String>>,
) -> Option<Image> {
    let mut name = String::new();
    let mut filled_in = Vec::new();
    let mut rest = written.value.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        name.push_str(before);
        let (variable, default, after) = variable(after)?;
        let value = lookup(variable).filter(|it| !it.value.is_empty());
        let value = value.or_else(|| Some(written.with(default?.to_owned())))?;
        name.push_str(&value.value);
        filled_in.push(value);
        rest = after;
        if name.len() > LONGEST {
            return None;
        }
    }
    name.push_str(rest);
    (name.len() <= LONGEST).then(|| Image { name: written.with(name), filled_in })
}

/// The name of a variable, what stands for it where it is not set, and the text behind it.
fn variable(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let end =
        |text: &str| text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let Some(braced) = text.strip_prefix('{') else {
        let (name, after) = text.split_at(end(text));
        return (!name.is_empty()).then_some((name, None, after));
    };
    let (inside, after) = braced.split_once('}')?;
    let (name, form) = inside.split_at(end(inside));
    let default = form.strip_prefix(":-").or_else(|| form.strip_prefix('-'));
    let is_plain = form.is_empty() || default.is_some() || form.starts_with(":?") || form.starts_with('?');
    (!name.is_empty() && is_plain).then_some((name, default, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Option<String> {
        let place = |value: &str| Located { value: value.to_owned(), offset: 0 };
        let lookup = |name: &str| match name {
            "V" => Some(place("1.17")),
            "EMPTY" => Some(place("")),
            _ => None,
        };
        fill_in(&place(text), &lookup).map(|image| image.name.value)
    }

    #[test]
    fn every_form_of_a_variable() {
        for (text, expected) in [
            ("elixir:1.17", Some("elixir:1.17")),
            ("elixir:$V-alpine", Some("elixir:1.17-alpine")),
            ("elixir:${V}_x", Some("elixir:1.17_x")),
            ("elixir:${V:-1.16}", Some("elixir:1.17")),
            ("elixir:${N:-1.16}", Some("elixir:1.16")),
            ("elixir:${EMPTY:-1.16}", Some("elixir:1.16")),
            ("elixir:${V:?needed}", Some("elixir:1.17")),
            ("elixir:${N:?needed}", None),
            ("elixir:${N}", None),
            ("elixir:${V:+x}", None),
            ("elixir:${V", None),
            ("elixir:$", None),
            ("elixir:$-", None),
        ] {
            assert_eq!(filled(text).as_deref(), expected, "{text}");
        }
        assert_eq!(filled(&"$V".repeat(100_000)), None);
    }
}
