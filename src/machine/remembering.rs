//! A machine that remembers, from one run of envdoctor to the next, what programs said of their versions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Change, Machine, Question, Reply, Stat};
use crate::facts::Reading;

/// More programs than this are not remembered: the oldest knowledge goes as a whole.
const PROGRAMS: usize = 200;

/// Passes questions on to another machine, but knows what a program answered to `--version` as long as the program's
/// file is the same.
pub struct Remembering {
    machine: Arc<dyn Machine>,
    file: PathBuf,
    known: OnceLock<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    answers: BTreeMap<PathBuf, Remembered>,
    changed: bool,
}

/// What a program said, and which one said it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Remembered {
    real: PathBuf,
    stat: Stat,
    stdout: String,
}

impl Remembering {
    /// Remembers in `file`, which need not be there.
    pub fn new(machine: Arc<dyn Machine>, file: PathBuf) -> Self {
        Remembering { machine, file, known: OnceLock::new() }
    }

    /// Writes down what was learnt. Whoever cannot write asks again next time, and nothing is lost by that.
    pub fn keep(&self) {
        let Some(known) = self.known.get() else { return };
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::take(&mut known.changed) {
            return;
        }
        let (Some(folder), Ok(content)) = (self.file.parent(), serde_json::to_vec(&known.answers)) else {
            return;
        };
        let made = folder.parent().map(|above| self.machine.change(&Change::MakeFolder(above.to_owned())));
        if matches!(made, Some(Ok(())))
            && self.machine.change(&Change::MakePrivateFolder(folder.to_owned())).is_ok()
        {
            let _ = self.machine.change(&Change::Write { path: self.file.clone(), content });
        }
    }

    fn known(&self) -> &Mutex<Known> {
        self.known.get_or_init(|| {
            let machine: &dyn Machine = self.machine.as_ref();
            let text = machine.read(&self.file).present();
            let answers = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            Mutex::new(Known { answers, changed: false })
        })
    }

    fn version(&self, program: &Path, question: &Question) -> Reading<Reply> {
        let machine: &dyn Machine = self.machine.as_ref();
        let identity = machine.resolve(program).and_then(|real| machine.stat(&real).map(|stat| (real, stat)));
        let Reading::Present((real, stat)) = identity else { return machine.ask(question) };
        let lock = || self.known().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = lock().answers.get(program)
            && (&seen.real, &seen.stat) == (&real, &stat)
        {
            return Reading::Present(Reply::Output { stdout: seen.stdout.clone(), stderr: String::new() });
        }
        let reading = machine.ask(question);
        if let Reading::Present(Reply::Output { stdout, .. }) = &reading {
            let mut known = lock();
            if known.answers.len() >= PROGRAMS {
                known.answers.clear();
            }
            known.answers.insert(program.to_owned(), Remembered { real, stat, stdout: stdout.clone() });
            known.changed = true;
        }
        reading
    }
}

impl Machine for Remembering {
    fn ask(&self, question: &Question) -> Reading<Reply> {
        match question {
            Question::Run { argv } => match argv.as_slice() {
                [program, option] if option == "--version" && Path::new(program).is_absolute() => {
                    self.version(Path::new(program), question)
                }
                _ => self.machine.ask(question),
            },
            _ => self.machine.ask(question),
        }
    }

    fn stop(&self) {
        self.machine.stop();
    }
}

#[cfg(test)]
// It is real files and programs that are remembered.
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use super::*;
    use crate::machine::Live;

    fn ask(program: &Path, cache: &Path) -> Reading<String> {
        let remembering = Remembering::new(Arc::new(Live::new(Duration::from_secs(5))), cache.to_owned());
        let machine: &dyn Machine = &remembering;
        let reading = machine.run(&[&program.to_string_lossy(), "--version"]);
        remembering.keep();
        reading
    }

    #[test]
    fn a_program_is_asked_once_until_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let write = |version: &str| {
            let script = format!("#!/bin/sh\necho x >> '{}'\necho tool {version}\n", at("asked").display());
            fs::write(at("tool"), script).unwrap();
            fs::set_permissions(at("tool"), fs::Permissions::from_mode(0o755)).unwrap();
        };
        let asked = || fs::read_to_string(at("asked")).unwrap().lines().count();
        let cache = at("cache/envdoctor/versions.json");
        write("1.0");
        for _ in 0..3 {
            assert_eq!(ask(&at("tool"), &cache), Reading::Present("tool 1.0\n".to_owned()));
        }
        assert_eq!(asked(), 1);
        fs::remove_file(at("tool")).unwrap();
        write("2.0-longer");
        assert_eq!(ask(&at("tool"), &cache), Reading::Present("tool 2.0-longer\n".to_owned()));
        assert_eq!(asked(), 2);
        fs::write(&cache, "no JSON").unwrap();
        assert_eq!(ask(&at("tool"), &cache), Reading::Present("tool 2.0-longer\n".to_owned()));
        assert_eq!(asked(), 3);
    }

    #[test]
    fn a_failure_is_not_remembered_and_a_folder_that_cannot_be_written_is_no_failure() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("tool");
        fs::write(&program, "#!/bin/sh\nexit 3\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let cache = folder.path().join("tool/below/versions.json");
        assert!(matches!(ask(&program, &cache), Reading::Failed { code: Some(3), .. }));
        fs::write(&program, "#!/bin/sh\necho 1.0\n").unwrap();
        assert_eq!(ask(&program, &cache), Reading::Present("1.0\n".to_owned()));
    }
}
