//! A machine that keeps what another one answers.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::redact::Redaction;
use super::{Machine, Question, Recording, Reply};
use crate::facts::Reading;

/// Passes every question on to another machine and keeps the answers.
pub struct Recorder {
    machine: Arc<dyn Machine>,
    kept: Mutex<BTreeMap<Question, Reading<Reply>>>,
}

impl Recorder {
    /// Keeps what `machine` answers from now on.
    pub fn new(machine: Arc<dyn Machine>) -> Self {
        Recorder { machine, kept: Mutex::default() }
    }

    /// What was answered so far, without secrets and without the user's name. Of a list of installed packages only
    /// those stay that `package` accepts.
    pub fn recording(&self, project: &Path, package: fn(&str) -> bool) -> Recording {
        let home = self.machine.ask(&Question::Env("HOME".to_owned()));
        let redaction = Redaction::new(home.present(), package);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = kept.iter().filter_map(|(question, reading)| redaction.answer(question, reading));
        Recording::of(redaction.path(project), answers)
    }
}

impl Machine for Recorder {
    fn ask(&self, question: &Question) -> Reading<Reply> {
        let reading = self.machine.ask(question);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(question.clone(), reading.clone());
        reading
    }

    fn stop(&self) {
        self.machine.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Recorded;

    #[test]
    fn keeps_what_was_asked_and_nothing_that_is_secret() {
        let text = r#"
project: /Users/jane/app
env:
  HOME: /Users/jane
  USER: jane
  GITHUB_TOKEN: ghp_very_secret
  HEX_MIRROR: https://jane:hunter2@hex.example.com/repo?x=a@b
  NIX_CONFIG: "access-tokens = github.com=ghp_very_secret\ncores = 2\n"
  PATH: /Users/jane/bin:/Users/janet/bin:/opt/Users/jane
which:
  mix: /Users/jane/bin/mix
files:
  /var/lib/dpkg/status: "Package: git\nVersion: 1\nDescription: x\n\nPackage: private\nVersion: 2\n"
"#;
        let recording = Recording::parse(text, "m").unwrap();
        let recorder = Recorder::new(Arc::new(Recorded::new(&recording)));
        let machine: &dyn Machine = &recorder;
        for name in ["GITHUB_TOKEN", "HEX_MIRROR", "NIX_CONFIG", "PATH", "USER"] {
            assert!(machine.env(name).present().is_some());
        }
        assert_eq!(machine.which("mix"), Reading::Present("/Users/jane/bin/mix".into()));
        assert!(machine.read(Path::new("/var/lib/dpkg/status")).present().unwrap().contains("private"));

        let kept = recorder.recording(Path::new("/Users/jane/app"), |package| package == "git");
        let yaml = kept.to_yaml().unwrap();
        for secret in ["jane/", "very_secret", "hunter2", "private", "Description"] {
            assert!(!yaml.contains(secret), "{secret} in {yaml}");
        }
        assert_eq!(kept.project, Path::new("/home/user/app"));
        let env = |name: &str| kept.env[name].as_deref().unwrap();
        assert_eq!(env("GITHUB_TOKEN"), "redacted");
        assert_eq!(env("USER"), "user");
        assert_eq!(env("HEX_MIRROR"), "https://redacted@hex.example.com/repo?x=a@b");
        assert_eq!(env("NIX_CONFIG"), "access-tokens = redacted\ncores = 2\n");
        assert_eq!(env("PATH"), "/home/user/bin:/Users/janet/bin:/opt/Users/jane");
        assert_eq!(kept.which["mix"].as_deref(), Some(Path::new("/home/user/bin/mix")));
        assert_eq!(
            kept.files[Path::new("/var/lib/dpkg/status")].as_deref(),
            Some("Package: git\nVersion: 1\n")
        );
        assert!(!kept.env.contains_key("HOME"), "only what was asked is kept");
    }
}
