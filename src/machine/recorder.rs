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
    /// those stay that `package` accepts; `settings` gives the text of a file without secrets that only it knows to be some.
    pub fn recording(
        &self,
        project: &Path,
        package: impl Fn(&str) -> bool,
        settings: impl Fn(&Path, &str) -> Option<String>,
    ) -> Recording {
        let home = self.machine.ask(&Question::Env("HOME".to_owned()));
        let mut redaction = Redaction::new(home.present(), &package, &settings);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = match kept.get(&Question::Env("PWD".to_owned())) {
            Some(Reading::Present(Reply::Text(folder))) => folder.as_str(),
            _ => "",
        };
        redaction.keep_consents(&kept, Path::new(shown));
        let mut answers: BTreeMap<Question, Option<Reading<Reply>>> = BTreeMap::new();
        for (question, reading) in
            kept.iter().filter_map(|(question, reading)| redaction.answer(question, reading))
        {
            answers
                .entry(question)
                // Two that can no longer be told apart are not told.
                .and_modify(|known| *known = known.take().filter(|known| *known == reading))
                .or_insert(Some(reading));
        }
        let answers = answers.into_iter().filter_map(|(question, reading)| Some((question, reading?)));
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
    use std::time::Duration;

    use super::*;
    use crate::formats::consent;
    use crate::machine::Recorded;
    use crate::probes::gather;

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

        let kept = recorder.recording(Path::new("/Users/jane/app"), |package| package == "git", |_, _| None);
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

    #[test]
    fn what_direnv_was_allowed_stays_so() {
        let state = |recording: &Recording| {
            let machine: Arc<dyn Machine> = Arc::new(Recorded::new(recording));
            let recorder = Arc::new(Recorder::new(machine));
            let machine: Arc<dyn Machine> = Arc::<Recorder>::clone(&recorder);
            let wanted = ["direnv.state".to_owned()].into();
            let facts = gather(machine, &recording.project, &wanted, Duration::from_secs(20));
            let state = facts.get("direnv.state").unwrap().reading.clone();
            (state, recorder.recording(&recording.project, |_| false, |_, _| None))
        };
        let content = "use flake\nexport API_TOKEN=s3cret\n";
        for name in [consent("/Users/jane/app/.envrc", content), "other".to_owned()] {
            let text = format!(
                "project: /Users/jane/app\notherwise: absent\nenv: {{HOME: /Users/jane}}\nfiles:\n  \
                 /Users/jane/app/.envrc: {content:?}\n  /Users/jane/.local/share/direnv/allow/{name}: ''\n"
            );
            let (live, kept) = state(&Recording::parse(&text, "m").unwrap());
            assert!(!kept.to_yaml().unwrap().contains("s3cret"));
            assert_eq!(live, Reading::Present(if name == "other" { "blocked" } else { "allowed" }.into()));
            assert_eq!(state(&kept).0, live);
        }
    }

    #[test]
    fn of_start_up_files_and_settings_only_what_is_needed_stays() {
        let text = "project: /p\nfiles:\n  /h/.bashrc: \"export DEPLOY=s3cret\\n. ~/.x\\n\"\n  /p/.env: \"A=s3cret\"\n";
        let recorder = Recorder::new(Arc::new(Recorded::new(&Recording::parse(text, "m").unwrap())));
        let machine: &dyn Machine = &recorder;
        machine.startup_file(Path::new("/h/.bashrc"));
        machine.read(Path::new("/p/.env"));
        let kept = recorder.recording(Path::new("/p"), |_| false, |_, _| None);
        let file = |path: &str| kept.files[Path::new(path)].as_deref().unwrap();
        assert_eq!(file("/h/.bashrc"), "\nsource ~/.x");
        assert_eq!(file("/p/.env"), "A=redacted\n");
    }
}
