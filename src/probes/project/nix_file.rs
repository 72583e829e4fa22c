//! A file of Nix, and the facts that every such file has.

use super::super::Context;
use crate::facts::{Facts, Place, Reading, Value};
use crate::machine::without_secrets;
use crate::project::{Export, Expression, NixError, Package, cannot_exist};

/// More places than these are not told.
const MOST: usize = 200;

/// A file of the project with its text.
#[derive(Clone)]
pub(super) struct File {
    /// Its name from the project's folder.
    pub(super) name: String,
    /// Its text.
    pub(super) text: String,
}

impl File {
    /// A file in the project's folder.
    pub(super) fn read(context: &Context, name: &str) -> Reading<Self> {
        let text = context.machine().read(&context.project.join(name));
        text.map(|text| File { name: name.to_owned(), text })
    }

    /// The facts of a file that is not there or cannot be read.
    pub(super) fn none(file: &Reading<Self>, name: &str, yields: &[&str]) -> Facts {
        let mut facts = Facts::default();
        for fact in yields {
            facts.add(*fact, file.clone().map(|_| Value::Bool(false)), name);
        }
        facts
    }

    /// The place of an offset.
    pub(super) fn place(&self, offset: usize) -> Place {
        Place::at(&self.name, &self.text, offset)
    }

    /// Adds a list of things with their places.
    pub(super) fn add_list(
        &self,
        facts: &mut Facts,
        name: &str,
        items: impl IntoIterator<Item = (String, usize)>,
    ) {
        let (items, places) =
            items.into_iter().take(MOST).map(|(item, offset)| (item, self.place(offset))).unzip();
        facts.add_at(name, Reading::Present(Value::List(items)), &self.name, places);
    }

    /// Adds what is said of a text that does not parse. `false`: so that nothing else can be said.
    pub(super) fn add_syntax<T>(&self, facts: &mut Facts, prefix: &str, parsed: &Result<T, NixError>) {
        let add = |facts: &mut Facts, name: &str, reading| {
            facts.add(format!("{prefix}.{name}"), reading, &self.name)
        };
        add(facts, "parses", Reading::Present(Value::Bool(parsed.is_ok())));
        let mistake = match parsed {
            Ok(_) => return,
            Err(NixError::TooMuch) => {
                let why = format!("{}: {}", self.name, NixError::TooMuch);
                return add(facts, "syntax_error", Reading::failed(why));
            }
            Err(NixError::Invalid(mistake)) => mistake,
        };
        facts.add_at(
            format!("{prefix}.syntax_error"),
            Reading::Present(Value::from(mistake.message.as_str())),
            &self.name,
            vec![self.place(mistake.offset)],
        );
        if let Some(semicolon) = mistake.semicolon {
            let place = self.place(semicolon.offset);
            add(facts, "semicolon_line", Reading::Present(Value::from(place.line)));
            add(facts, "semicolon_column", Reading::Present(Value::from(place.column)));
        }
    }

    /// Says of all facts that a text would tell if it parsed that they are not known.
    pub(super) fn add_unread(&self, facts: &mut Facts, yields: &[&str]) {
        for name in yields.iter().filter(|name| !name.contains("semicolon")) {
            if facts.get(name).is_none() {
                facts.add(*name, Reading::failed(format!("{} does not parse", self.name)), &self.name);
            }
        }
    }

    /// Adds what the file's expressions use.
    pub(super) fn add_expression(&self, facts: &mut Facts, prefix: &str, used: &Expression) {
        let name = |name: &str| format!("{prefix}.{name}");
        let path = |package: &Package| (package.path.join("."), package.offset);
        self.add_list(facts, &name("packages"), used.packages.iter().map(path));
        let missing = || {
            let blamed = used.packages.iter().filter(|package| !used.overlaid && !package.optional);
            blamed.filter_map(|package| Some((package, cannot_exist(&package.path)?)))
        };
        self.add_list(facts, &name("missing_attributes"), missing().map(|(package, _)| path(package)));
        let instead = missing()
            .map(|(package, instead)| (format!("{instead} for {}", path(package).0), package.offset));
        self.add_list(facts, &name("existing_attributes"), instead);
        let free = used.free.iter().map(|it| (it.value.clone(), it.offset));
        self.add_list(facts, &name("undefined_names"), free);
        self.add_list(facts, &name("exports"), used.exports.iter().map(assignment));
    }
}

/// `NAME=value`, or the name alone where the value is computed.
pub(super) fn assignment(export: &Export) -> (String, usize) {
    let text = match &export.value {
        Some(value) => format!("{}={}", export.name, without_secrets(&export.name, value)),
        None => export.name.clone(),
    };
    (text, export.offset)
}
