//! Taking out of a machine's answers what belongs to its user alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Execution, Header, Page, Question, Reply, User};
use crate::facts::Reading;
use crate::formats::{consent, refusal};
use crate::project::dotenv_names;
use crate::secrets::{without_credentials, without_secret_settings, without_secrets, without_tokens};

/// Stands for the user's home folder.
const HOME: &str = "/home/user";
/// Debian's list of installed packages.
const PACKAGES: &str = "/var/lib/dpkg/status";

pub(super) struct Redaction<'p> {
    home: Option<String>,
    package: &'p dyn Fn(&str) -> bool,
    /// The text of a file of settings without secrets, where it is one.
    settings: &'p dyn Fn(&Path, &str) -> Option<String>,
    /// The names of direnv's consents and refusals, and what they are for the files as they are written down.
    consents: BTreeMap<String, String>,
}

impl<'p> Redaction<'p> {
    pub(super) fn new(
        home: Option<Reply>,
        package: &'p dyn Fn(&str) -> bool,
        settings: &'p dyn Fn(&Path, &str) -> Option<String>,
    ) -> Self {
        let home = match home {
            Some(Reply::Text(home)) => Some(home.trim_end_matches('/').to_owned()),
            _ => None,
        };
        Redaction { home: home.filter(|home| !home.is_empty()), package, settings, consents: BTreeMap::new() }
    }

    /// Keeps direnv's consents true, which hold for one path and one content: among these answers are the files that
    /// it would load. `shown` is the project's folder as the shell names it.
    pub(super) fn keep_consents(&mut self, answers: &BTreeMap<Question, Reading<Reply>>, shown: &Path) {
        for (question, reading) in answers {
            let (Question::Read(file), Reading::Present(Reply::Text(content))) = (question, reading) else {
                continue;
            };
            let Some(name) = file.file_name().filter(|name| *name == ".envrc" || *name == ".env") else {
                continue;
            };
            let kept = self.text(&self.file(file, content));
            let others = shown.ancestors().map(|folder| folder.join(name));
            for file in others.chain([file.clone()]) {
                let (file, kept_file) = (file.to_string_lossy(), self.path(&file));
                let kept_file = kept_file.to_string_lossy();
                self.consents.insert(consent(&file, content), consent(&kept_file, &kept));
                self.consents.insert(refusal(&file), refusal(&kept_file));
            }
        }
    }

    pub(super) fn path(&self, path: &Path) -> PathBuf {
        self.text(&path.to_string_lossy()).into()
    }

    /// The answer without secrets; `None` where it cannot be written down at all.
    pub(super) fn answer(
        &self,
        question: &Question,
        reading: &Reading<Reply>,
    ) -> Option<(Question, Reading<Reply>)> {
        // With what is sent in a header, or along with it, somebody may be known to the server.
        if let Question::Request(request) = question
            && (!request.headers.is_empty() || request.body.is_some())
        {
            return None;
        }
        let reading = match (question, reading) {
            (Question::Execute { .. }, Reading::Present(Reply::Execution(execution))) => {
                let said = without_secret_settings(&execution.said);
                Reading::Present(Reply::Execution(Execution { said, ..execution.clone() }))
            }
            (Question::Request(request), Reading::Present(Reply::Page(page))) => {
                let headers = request.wanted_headers.iter().zip(&page.headers);
                let headers = headers.map(|((name, _), header)| {
                    let header = header.as_ref()?;
                    Some(Header { value: variable(&name.to_uppercase(), &header.value), met: header.met })
                });
                Reading::Present(Reply::Page(Page { headers: headers.collect(), ..page.clone() }))
            }
            (Question::Env(name), Reading::Present(Reply::Text(value))) => {
                Reading::Present(Reply::Text(variable(name, value)))
            }
            (Question::Read(file) | Question::StartupFile(file), Reading::Present(Reply::Text(text))) => {
                Reading::Present(Reply::Text(self.file(file, text)))
            }
            (Question::User, Reading::Present(Reply::User(user))) => {
                Reading::Present(Reply::User(User { name: "user".to_owned(), ..user.clone() }))
            }
            (Question::Group(_), Reading::Present(Reply::Names(names))) => {
                // Who else is here is nobody's business; Nix's own users are no persons.
                let builder = |name: &String| name.trim_start_matches('_').starts_with("nixbld");
                let shown = |name: &String| if builder(name) { name.clone() } else { "user".to_owned() };
                Reading::Present(Reply::Names(names.iter().map(shown).collect()))
            }
            _ => reading.clone(),
        };
        let question = match self.every_text(&question.sealed())? {
            Question::Stat(path) => {
                let name = path.file_name().and_then(|name| self.consents.get(name.to_str()?));
                Question::Stat(name.map_or_else(|| path.clone(), |name| path.with_file_name(name)))
            }
            other => other,
        };
        Some((question, self.every_text(&reading)?))
    }

    fn file(&self, file: &Path, text: &str) -> String {
        if file == Path::new(PACKAGES) {
            self.packages(text)
        } else if is_dotenv(file) {
            dotenv_names(text)
        } else {
            without_secret_settings((self.settings)(file, text).as_deref().unwrap_or(text))
        }
    }

    fn every_text<T: Serialize + DeserializeOwned>(&self, thing: &T) -> Option<T> {
        let mut value = serde_json::to_value(thing).ok()?;
        self.texts_in(&mut value);
        serde_json::from_value(value).ok()
    }

    fn texts_in(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.texts_in(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.texts_in(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&self, text: &str) -> String {
        let text = without_tokens(&without_credentials(text));
        match &self.home {
            Some(home) => replace_folder(&text, home, HOME),
            None => text,
        }
    }

    fn packages(&self, text: &str) -> String {
        let mut kept = String::new();
        for paragraph in text.split("\n\n") {
            let field = |name: &str| paragraph.lines().find(|line| line.starts_with(name));
            if field("Package: ").is_some_and(|line| (self.package)(&line["Package: ".len()..])) {
                if !kept.is_empty() {
                    kept.push('\n');
                }
                for line in ["Package: ", "Status: ", "Version: "].into_iter().filter_map(field) {
                    kept.push_str(line);
                    kept.push('\n');
                }
            }
        }
        kept
    }
}

fn variable(name: &str, value: &str) -> String {
    match name {
        "USER" | "LOGNAME" => "user".to_owned(),
        _ => without_secrets(name, value),
    }
}

fn is_dotenv(file: &Path) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name == ".env" || name.starts_with(".env.")
}

/// Puts one folder in place of another where it stands as a whole path's beginning.
pub(crate) fn replace_folder(text: &str, folder: &str, other: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(start) = rest.find(folder) {
        let (head, tail) = rest.split_at(start);
        let after = &tail[folder.len()..];
        replaced.push_str(head);
        let begins = head.chars().next_back().or(before).is_none_or(|c| !in_name(c) && c != '/');
        let ends = after.chars().next().is_none_or(|c| !in_name(c));
        replaced.push_str(if begins && ends { other } else { folder });
        before = folder.chars().next_back();
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

fn in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_replaced_as_wholes() {
        let replace = |text: &str| replace_folder(text, "/root", "/home/user");
        assert_eq!(replace("/root"), "/home/user");
        assert_eq!(replace("a=/root:/root/bin"), "a=/home/user:/home/user/bin");
        assert_eq!(replace("/rootfs /x/root/y /root-x"), "/rootfs /x/root/y /root-x");
        assert_eq!(replace("/root/root"), "/home/user/root");
        assert_eq!(replace("file:///root/x"), "file:///root/x");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r"([a-z/ @:?é]|/x)*") {
            let _ = replace_folder(&text, "/", "/x");
        }
    }
}
