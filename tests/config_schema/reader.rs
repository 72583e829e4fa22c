//! The reader of settings, by itself: what it says of a text.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use envdoctor::built_in;
use envdoctor::config::{ConfigError, Layer, Settings, Words};
use envdoctor::facts::Reading;
use envdoctor::machine::{Machine, Question, Reply};
use envdoctor::rules::RuleSet;

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Mine,
    Project,
}

/// A machine on which there is one file.
struct OneFile {
    file: PathBuf,
    text: String,
}

impl Machine for OneFile {
    fn ask(&self, question: &Question) -> Reading<Reply> {
        match question {
            Question::Resolve(path) if self.file.starts_with(path) => {
                Reading::Present(Reply::Path(path.clone()))
            }
            Question::Read(path) if *path == self.file => Reading::Present(Reply::Text(self.text.clone())),
            _ => Reading::Absent,
        }
    }
}

static RULES: LazyLock<RuleSet> = LazyLock::new(built_in::rules);

/// Reads settings, with the names of the built-in rules.
pub(crate) struct Reader {
    words: Words<'static>,
}

impl Reader {
    pub(crate) fn new() -> Reader {
        let ids = RULES.rules().iter().map(|rule| rule.id.as_str());
        Reader { words: Words::new(ids, RULES.words()) }
    }

    /// What is wrong with a text, if anything is.
    pub(crate) fn read(&self, whose: Whose, text: &str) -> Result<(), String> {
        self.settings(whose, text).map(drop).map_err(|mistakes| mistakes.to_string())
    }

    /// Whether nothing is: to draw thousands of mistakes takes longer than to find them.
    pub(crate) fn accepts(&self, whose: Whose, text: &str) -> bool {
        self.settings(whose, text).is_ok()
    }

    fn settings(&self, whose: Whose, text: &str) -> Result<Settings, ConfigError> {
        let file = match whose {
            Whose::Mine => "/home/me/envdoctor/config.yaml",
            Whose::Project => "/project/envdoctor.yaml",
        };
        let machine = OneFile { file: file.into(), text: text.to_owned() };
        let (project, user) = (Path::new("/project"), Path::new("/home/me/envdoctor"));
        let settings = Settings::load(&machine, Layer::default(), project, Some(user), &self.words)?;
        assert!(settings.files().iter().any(|file| file.present));
        Ok(settings)
    }
}
