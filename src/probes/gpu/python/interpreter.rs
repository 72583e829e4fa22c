//! One Python, and the folders that it imports packages from.

use std::path::{Path, PathBuf};

use super::pyvenv::{environment_version, sees_system};
use crate::probes::Context;

/// A Python.
#[derive(Clone, Debug)]
pub(super) struct Interpreter {
    /// The program with every link followed.
    pub(super) real: PathBuf,
    /// The folder of its virtual environment, where it has one.
    environment: Option<Environment>,
    /// `python3.11`
    minor: Option<String>,
}

#[derive(Clone, Debug)]
struct Environment {
    folder: PathBuf,
    sees_system: bool,
}

impl Interpreter {
    pub(super) fn new(context: &Context, program: PathBuf, real: PathBuf) -> Interpreter {
        let folder = program.parent().and_then(Path::parent);
        let found = folder.and_then(|folder| {
            let text = context.machine().read(&folder.join("pyvenv.cfg")).present()?;
            Some((
                Environment { folder: folder.to_owned(), sees_system: sees_system(&text) },
                environment_version(&text),
            ))
        });
        let (environment, version) = found.unzip();
        let minor =
            file_minor(&real).or_else(|| version.flatten().as_deref().and_then(minor)).or_else(|| {
                let names = context.machine().list(&prefix(&real).join("lib")).present()?;
                names.into_iter().rev().find(|name| name.starts_with("python3."))
            });
        Interpreter { real, environment, minor }
    }

    /// The folder of its virtual environment, where it has one.
    pub(super) fn environment_folder(&self) -> Option<PathBuf> {
        Some(self.environment.as_ref()?.folder.clone())
    }

    /// Where it is installed.
    pub(super) fn prefix(&self) -> PathBuf {
        prefix(&self.real)
    }

    /// The folder of its standard library.
    pub(super) fn library(&self) -> Option<PathBuf> {
        Some(self.prefix().join("lib").join(self.minor.as_ref()?))
    }

    /// The folders that packages are imported from, the first one first.
    pub(super) fn package_folders(&self, context: &Context) -> Vec<PathBuf> {
        let machine = context.machine();
        let mut folders: Vec<PathBuf> = Vec::new();
        if let Some(set) = machine.env("PYTHONPATH").present() {
            folders.extend(set.split(':').map(PathBuf::from).filter(|folder| folder.is_absolute()));
        }
        let Some(minor) = &self.minor else { return folders };
        let site = |prefix: &Path| prefix.join("lib").join(minor).join("site-packages");
        if let Some(environment) = &self.environment {
            folders.push(site(&environment.folder));
            if !environment.sees_system {
                return folders;
            }
        }
        if let Some(home) = context.home().filter(|_| machine.env("PYTHONNOUSERSITE").present().is_none()) {
            let version = minor.trim_start_matches("python");
            folders.push(site(&home.join(".local")));
            folders.push(home.join("Library/Python").join(version).join("lib/python/site-packages"));
        }
        let prefix = self.prefix();
        folders.push(site(&prefix));
        if prefix == Path::new("/usr") {
            folders.push(Path::new("/usr/local/lib").join(minor).join("dist-packages"));
            folders.push("/usr/lib/python3/dist-packages".into());
        }
        folders
    }
}

fn prefix(real: &Path) -> PathBuf {
    real.parent().and_then(Path::parent).unwrap_or(real).to_owned()
}

/// `python3.11` of a program of that name.
fn file_minor(real: &Path) -> Option<String> {
    let name = real.file_name()?.to_str()?;
    minor(name.strip_prefix("python")?)
}

/// `python3.11` of `3.11.7`.
fn minor(version: &str) -> Option<String> {
    let mut parts = version.split('.');
    let (major, minor) = (parts.next()?, parts.next()?);
    let digits: String = minor.chars().take_while(char::is_ascii_digit).collect();
    (major == "3" && !digits.is_empty()).then(|| format!("python3.{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_versions() {
        assert_eq!(minor("3.11.7").as_deref(), Some("python3.11"));
        assert_eq!(minor("3.13.0rc1").as_deref(), Some("python3.13"));
        assert_eq!(file_minor(Path::new("/usr/bin/python3.11")).as_deref(), Some("python3.11"));
        for none in ["", "3", "3.", "2.7.18", "x.y"] {
            assert_eq!(minor(none), None, "{none}");
        }
        assert_eq!(file_minor(Path::new("/usr/bin/python3")), None);
    }
}
