//! The architecture that a Python was built for. Nothing of it is run.

use super::interpreter::Interpreter;
use crate::facts::Reading;
use crate::probes::Context;

pub(super) fn of(context: &Context, interpreter: &Interpreter) -> Reading<String> {
    let machine = context.machine();
    machine.host().and_then(|host| {
        if host.family == "macos" {
            // There the files' names say only that it is a Mac.
            let real = interpreter.real.to_string_lossy();
            return machine.run(&["/usr/bin/file", "-b", &real]).and_then(|text| {
                let found = in_description(&text);
                match found.as_slice() {
                    [one] => Reading::Present((*one).to_owned()),
                    several if several.contains(&host.arch.as_str()) => Reading::Present(host.arch),
                    _ => Reading::failed(format!("`file` does not tell the architecture: {}", text.trim())),
                }
            });
        }
        let Some(library) = interpreter.library() else {
            return Reading::failed(format!("no version of {} is known", interpreter.real.display()));
        };
        let named = [library.clone(), library.join("lib-dynload")]
            .iter()
            .find_map(|folder| in_names(&machine.list(folder).present()?));
        match named {
            Some(architecture) => Reading::Present(architecture),
            None => Reading::failed(format!("no file in {} tells the architecture", library.display())),
        }
    })
}

/// The architectures in what `file` prints of a Mach-O program.
fn in_description(text: &str) -> Vec<&'static str> {
    let has = |name: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
    let mut found = Vec::new();
    if has("arm64") || has("arm64e") {
        found.push("aarch64");
    }
    if has("x86_64") {
        found.push("x86_64");
    }
    found
}

/// The architecture in the names of a standard library's files.
fn in_names(names: &[String]) -> Option<String> {
    names.iter().find_map(|name| {
        let triple = match name.strip_prefix("_sysconfigdata__") {
            Some(rest) => rest.strip_prefix("linux_").unwrap_or(rest).strip_suffix(".py")?,
            None => name.strip_suffix(".so")?.split_once(".cpython-")?.1.split_once('-')?.1,
        };
        let (architecture, system) = triple.split_once('-')?;
        system.contains("linux").then(|| architecture.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        let of = |name: &str| in_names(&[name.to_owned()]);
        assert_eq!(of("_sysconfigdata__linux_x86_64-linux-gnu.py").as_deref(), Some("x86_64"));
        assert_eq!(of("_sysconfigdata__aarch64-linux-gnu.py").as_deref(), Some("aarch64"));
        assert_eq!(of("_json.cpython-311-x86_64-linux-musl.so").as_deref(), Some("x86_64"));
        for none in ["_sysconfigdata__darwin_darwin.py", "_json.cpython-312-darwin.so", "os.py", ".so", ""] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn descriptions_of_programs() {
        assert_eq!(in_description("Mach-O 64-bit executable arm64\n"), ["aarch64"]);
        assert_eq!(in_description("Mach-O 64-bit executable x86_64\n"), ["x86_64"]);
        assert_eq!(
            in_description(
                "Mach-O universal binary with 2 architectures: [x86_64:Mach-O 64-bit executable x86_64] [arm64]"
            ),
            ["aarch64", "x86_64"]
        );
        assert!(in_description("cannot open `/x' (No such file or directory)").is_empty());
    }
}
