//! CUDA's libraries, and its toolkit.

use std::path::{Path, PathBuf};

use super::nvidia::is_version;
use crate::facts::{Facts, Reading, Value};
use crate::probes::{Context, Probe};

pub(super) const PROBE: Probe = Probe {
    name: "CUDA",
    yields: &[
        "cuda.library",
        "cuda.library.version",
        "nvml.library",
        "nvml.library.version",
        "cuda.toolkit",
        "cuda.toolkit.version",
    ],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let folders = folders(context);
    for (library, name) in [("libcuda.so.1", "cuda.library"), ("libnvidia-ml.so.1", "nvml.library")] {
        let found = folders.iter().find_map(|(folder, source)| {
            let path = folder.join(library);
            let real = context.machine().resolve(&path).present()?;
            Some((path, real, source.clone()))
        });
        let source = found.as_ref().map_or("LD_LIBRARY_PATH, ld.so.conf", |(_, _, source)| source).to_owned();
        let version = found.as_ref().and_then(|(_, real, _)| version_of(real));
        let path = found.map(|(path, _, _)| Value::from(path.to_string_lossy().into_owned()));
        facts.add(name, path.into(), source.clone());
        facts.add(format!("{name}.version"), version.map(Value::from).into(), source);
    }
    if context.wants("cuda.toolkit") || context.wants("cuda.toolkit.version") {
        let toolkit = toolkit(context);
        let source = toolkit.as_ref().map_or("CUDA_HOME, CUDA_PATH, nvcc", |(_, source)| source).to_owned();
        let version = toolkit.as_ref().and_then(|(root, _)| toolkit_version(context, root));
        let root = toolkit.map(|(root, _)| Value::from(root.to_string_lossy().into_owned()));
        facts.add("cuda.toolkit", root.into(), source.clone());
        facts.add("cuda.toolkit.version", version.map(Value::from).into(), source);
    }
    facts
}

/// Where the dynamic loader looks for libraries, each with what says so.
fn folders(context: &Context) -> Vec<(PathBuf, String)> {
    let machine = context.machine();
    let Some(host) = machine.host().present().filter(|host| host.family == "linux") else {
        return Vec::new();
    };
    let set = machine.env("LD_LIBRARY_PATH").present().unwrap_or_default();
    let absolute = |text: &str| text.starts_with('/').then(|| PathBuf::from(text));
    let mut folders: Vec<_> = set
        .split([':', ';'])
        .filter_map(absolute)
        .map(|folder| (folder, "LD_LIBRARY_PATH".to_owned()))
        .collect();
    let configured = Path::new("/etc/ld.so.conf.d");
    let names = machine.list(configured).present().unwrap_or_default();
    let files = names.iter().filter(|name| name.ends_with(".conf")).map(|name| configured.join(name));
    for file in std::iter::once(PathBuf::from("/etc/ld.so.conf")).chain(files) {
        let text = machine.read(&file).present().unwrap_or_default();
        let named = text.lines().map(str::trim).filter_map(absolute);
        folders.extend(named.map(|folder| (folder, file.to_string_lossy().into_owned())));
    }
    let multiarch = format!("/usr/lib/{}-linux-gnu", host.arch);
    let usual = [multiarch.as_str(), "/usr/lib64", "/usr/lib", "/usr/lib/wsl/lib"];
    folders.extend(usual.into_iter().map(|folder| (PathBuf::from(folder), folder.to_owned())));
    folders
}

/// The driver that a library belongs to, as its file's name has it: `libcuda.so.550.54.14`.
fn version_of(real: &Path) -> Option<String> {
    let (_, version) = real.file_name()?.to_str()?.split_once(".so.")?;
    is_version(version).then(|| version.to_owned())
}

fn toolkit(context: &Context) -> Option<(PathBuf, String)> {
    let machine = context.machine();
    for name in ["CUDA_HOME", "CUDA_PATH"] {
        if let Some(folder) = machine.env(name).present().filter(|folder| folder.starts_with('/')) {
            return Some((folder.into(), name.to_owned()));
        }
    }
    if let Reading::Present(nvcc) = machine.which("nvcc") {
        let root = machine.resolve(&nvcc).present()?.parent()?.parent()?.to_owned();
        return Some((root, nvcc.to_string_lossy().into_owned()));
    }
    let usual = PathBuf::from("/usr/local/cuda");
    machine.exists(&usual).then(|| (usual, "/usr/local/cuda".to_owned()))
}

fn toolkit_version(context: &Context, root: &Path) -> Option<String> {
    let read = |name: &str| context.machine().read(&root.join(name)).present();
    read("version.json")
        .and_then(|text| in_json(&text))
        .or_else(|| read("version.txt").and_then(|text| in_text(&text)))
        .or_else(|| read("include/cuda.h").and_then(|text| in_header(&text)))
}

fn in_json(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(value.get("cuda")?.get("version")?.as_str()?.to_owned())
}

/// `CUDA Version 10.1.243`
fn in_text(text: &str) -> Option<String> {
    text.trim().strip_prefix("CUDA Version ").map(str::to_owned)
}

/// `#define CUDA_VERSION 12040` is 12.4.
fn in_header(text: &str) -> Option<String> {
    let define = text.lines().find_map(|line| line.trim().strip_prefix("#define CUDA_VERSION "))?;
    let number: u32 = define.split_whitespace().next()?.parse().ok()?;
    Some(format!("{}.{}", number / 1000, number % 1000 / 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::gpu::tests::{facts, shown};

    const LINUX: &str = "host: {family: linux, name: Debian, arch: x86_64, cpu: x, cpus: 1, memory: 1}\n";

    #[test]
    fn the_library_that_is_found_first() {
        let linked = "links: {/usr/lib/x86_64-linux-gnu/libcuda.so.1: /usr/lib/x86_64-linux-gnu/nvidia/current/libcuda.so.535.183.01, \
                      /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1: /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.550.54.14, \
                      /opt/compat/libcuda.so.1: /opt/compat/libcuda.so.570.26}\n";
        let plain = facts(&PROBE, &format!("{LINUX}{linked}"));
        assert_eq!(shown(&plain, "cuda.library"), "/usr/lib/x86_64-linux-gnu/libcuda.so.1");
        assert_eq!(shown(&plain, "cuda.library.version"), "535.183.01");
        assert_eq!(shown(&plain, "nvml.library.version"), "550.54.14");
        let set = facts(
            &PROBE,
            &format!("{LINUX}{linked}env: {{LD_LIBRARY_PATH: 'relative::/nowhere:/opt/compat'}}\n"),
        );
        assert_eq!(shown(&set, "cuda.library.version"), "570.26");
        assert_eq!(set.get("cuda.library").unwrap().source, "LD_LIBRARY_PATH");
        let none = facts(&PROBE, LINUX);
        assert_eq!(
            (shown(&none, "cuda.library"), shown(&none, "cuda.library.version")),
            ("-".into(), "-".into())
        );
    }

    #[test]
    fn a_library_that_names_no_driver() {
        let wsl = facts(
            &PROBE,
            &format!(
                "{LINUX}files: {{/etc/ld.so.conf.d/ld.wsl.conf: \"# wsl\\n/usr/lib/wsl/lib\\n\", /usr/lib/wsl/lib/libcuda.so.1: ''}}"
            ),
        );
        assert_eq!(shown(&wsl, "cuda.library"), "/usr/lib/wsl/lib/libcuda.so.1");
        assert_eq!(shown(&wsl, "cuda.library.version"), "-");
        assert_eq!(wsl.get("cuda.library").unwrap().source, "/etc/ld.so.conf.d/ld.wsl.conf");
    }

    #[test]
    fn toolkits_of_every_age() {
        assert_eq!(
            in_json(r#"{"cuda": {"name": "CUDA SDK", "version": "12.4.1"}}"#).as_deref(),
            Some("12.4.1")
        );
        assert_eq!(in_text("CUDA Version 10.1.243\n").as_deref(), Some("10.1.243"));
        assert_eq!(in_header("#ifndef X\n#define CUDA_VERSION 12040\n").as_deref(), Some("12.4"));
        for none in ["", "{}", "[[", "#define CUDA_VERSION x"] {
            assert!(
                in_json(none).is_none() && in_text(none).is_none() && in_header(none).is_none(),
                "{none}"
            );
        }
        let set = facts(
            &PROBE,
            &format!(
                "{LINUX}env: {{CUDA_HOME: /opt/cuda}}\nfiles: {{/opt/cuda/version.json: '{{\"cuda\": {{\"version\": \"12.6.3\"}}}}'}}"
            ),
        );
        assert_eq!(shown(&set, "cuda.toolkit.version"), "12.6.3");
        let by_nvcc = facts(
            &PROBE,
            &format!(
                "{LINUX}which: {{nvcc: /usr/bin/nvcc}}\nlinks: {{/usr/bin/nvcc: /usr/local/cuda-12.4/bin/nvcc}}\nfiles: {{/usr/local/cuda-12.4/include/cuda.h: '#define CUDA_VERSION 12040'}}"
            ),
        );
        assert_eq!(
            (shown(&by_nvcc, "cuda.toolkit"), shown(&by_nvcc, "cuda.toolkit.version")),
            ("/usr/local/cuda-12.4".into(), "12.4".into())
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"[{}\[\]":a-z0-9. \n#_A-Zé]{0,80}"#) {
            let _ = (in_json(&text), in_text(&text), in_header(&text));
            let _ = in_header(&format!("#define CUDA_VERSION {text}"));
        }
    }
}
