//! Taking out of a document's texts what is not meant for everybody.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::TakenOut;
use crate::machine::replace_folder;
use crate::secrets::{REDACTED, without_literal_secrets, without_secrets};
use crate::stub::Private;
use crate::visible::visible_lines;

/// Stands for the user's home folder.
const HOME: &str = "/home/user";

/// Stands for an address to which mail can be sent.
const MAIL: &str = "user@example.com";

/// The user of every forge.
const SERVICE: &str = "git";

/// Takes secrets, home folders, and the names of people and machines out of texts, and counts the texts that it changed.
pub struct Redactor {
    home: Option<String>,
    private: Private,
    taken_out: TakenOut,
}

impl Redactor {
    /// One that knows the user's home folder, and the names that nobody else needs to know.
    pub fn new(home: Option<String>, private: Private) -> Self {
        let home = home.map(|home| home.trim_end_matches('/').to_owned()).filter(|home| !home.is_empty());
        Redactor { home, private, taken_out: TakenOut::default() }
    }

    /// A variable's value.
    pub fn variable(&mut self, name: &str, value: &str) -> String {
        let kept = without_secrets(name, value);
        self.taken_out.secrets += usize::from(kept != value);
        kept
    }

    /// A thing with every text in it gone through, whatever text it is, and how many were changed.
    ///
    /// # Errors
    /// The thing cannot be written down as data.
    pub fn gone_through<T: Serialize + DeserializeOwned>(
        mut self,
        thing: &T,
    ) -> serde_json::Result<(T, TakenOut)> {
        let mut value = serde_json::to_value(thing)?;
        self.texts_in(&mut value);
        Ok((serde_json::from_value(value)?, self.taken_out))
    }

    fn texts_in(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.texts_in(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.texts_in(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&mut self, text: &str) -> String {
        let open = without_literal_secrets(text);
        self.taken_out.secrets += usize::from(open != text);
        let nameless = match &self.home {
            Some(home) => replace_folder(&open, home, HOME),
            None => open.clone(),
        };
        let nameless = self.private.hidden(&nameless);
        let nameless = match ADDRESS.as_ref() {
            Some(address) => address
                .replace_all(&nameless, |found: &Captures<'_>| match &found["who"] {
                    SERVICE | REDACTED => found[0].to_owned(),
                    _ => MAIL.to_owned(),
                })
                .into_owned(),
            None => nameless,
        };
        self.taken_out.names += usize::from(nameless != open);
        visible_lines(&nameless).into_owned()
    }
}

/// An address of mail; a package with its version, and a user of a server, are none.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?<who>[A-Za-z0-9][A-Za-z0-9._%+-]*)@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}\b").ok()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> (String, TakenOut) {
        let private = Private::new(["jdoe".to_owned()], ["mill".to_owned()]);
        let redactor = Redactor::new(Some("/data/people/jd/".to_owned()), private);
        redactor.gone_through(&text.to_owned()).unwrap()
    }

    #[test]
    fn secrets_names_and_homes_are_taken_out_of_any_text() {
        for (text, shown) in [
            ("postgres://me:s3cret@db.example.com/x", "postgres://redacted@db.example.com/x"),
            ("error: token = \"ghp_0123456789abcdefghij\"", "error: token = \"redacted\""),
            ("/data/people/jd/x and /data/people/jdx", "/home/user/x and /data/people/jdx"),
            ("/home/someone/x jdoe on mill", "/home/user/x user on host.example.com"),
            ("by Jane <jane.doe@corp.example>", "by Jane <user@example.com>"),
            (
                "git@github.com:team/x https://a:b@c.example/",
                "git@github.com:team/x https://redacted@c.example/",
            ),
            ("left-pad@1.3.0 from phoenix@1.7.14", "left-pad@1.3.0 from phoenix@1.7.14"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
        ] {
            assert_eq!(redacted(text).0, shown);
        }
        assert_eq!(redacted("/home/someone").1, TakenOut { secrets: 0, names: 1 });
        assert_eq!(redacted("https://a:b@c.example/").1, TakenOut { secrets: 1, names: 0 });
    }
}
