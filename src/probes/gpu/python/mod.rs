//! The Python that would run here, and the packages that it would import.

mod architecture;
mod environments;
mod interpreter;
mod mlx;
mod packages;
mod pyvenv;
mod torch;
mod wheel;

use crate::facts::{Facts, Reading, Value};
use crate::probes::tools::{Executable, locate};
use crate::probes::{Context, Probe};

pub(super) use environments::PROBE as ENVIRONMENTS;
use interpreter::Interpreter;
use mlx::Mlx;
use packages::Packages;
pub(in crate::probes) use pyvenv::environment_version;
use torch::Torch;

pub(super) const PROBE: Probe = Probe {
    name: "python",
    yields: &["python.arch", "python.environment", "python.foreign_packages"],
    usual: &[],
    apart: false,
    run,
};

pub(super) const PACKAGES: Probe = Probe {
    name: "python's packages",
    yields: &[
        "python.package.*",
        "cuda.packages",
        "cuda.packages_folder",
        "torch.version",
        "torch.build",
        "torch.cuda",
        "torch.hip",
        "mlx.version",
        "mlx.backends",
        "mlx.gpu",
        "mlx.cuda",
        "mlx.macos_requirement",
    ],
    usual: &["mlx", "mlx-lm", "numpy", "torch", "transformers"],
    apart: false,
    run: run_packages,
};

fn interpreter(context: &Context) -> (Reading<Interpreter>, String) {
    let Executable { path, program, real, .. } = locate(context, "python3");
    let source = match &path {
        Reading::Present(path) => path.to_string_lossy().into_owned(),
        _ => "PATH".to_owned(),
    };
    (program.and_then(|program| real.map(|real| Interpreter::new(context, program, real))), source)
}

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let (interpreter, source) = interpreter(context);
    let environment = interpreter.clone().and_then(|it| Reading::from(it.environment_folder()));
    let environment = environment.map(|folder| Value::from(folder.to_string_lossy().into_owned()));
    facts.add("python.environment", environment, source.clone());
    if !context.wants("python.arch") && !context.wants("python.foreign_packages") {
        return facts;
    }
    let architecture = interpreter.clone().and_then(|it| architecture::of(context, &it));
    facts.add("python.arch", architecture.clone().map(Value::from), source.clone());
    if context.wants("python.foreign_packages") {
        let foreign =
            interpreter.and_then(|it| architecture.map(|architecture| foreign(context, &it, &architecture)));
        facts.add("python.foreign_packages", foreign.map(Value::List), source);
    }
    facts
}

/// The packages with compiled parts that stop a program where they are for another architecture.
const COMPILED: [&str; 8] =
    ["mlx", "mlx-cpu", "mlx-metal", "numpy", "tokenizers", "torch", "torchvision", "sentencepiece"];

fn foreign(context: &Context, interpreter: &Interpreter, architecture: &str) -> Vec<String> {
    let packages = Packages::of(context, interpreter);
    let looked_at = packages.all().filter(|(name, _)| COMPILED.contains(name));
    looked_at
        .filter(|(_, package)| wheel::is_foreign(&wheel::platforms(context, package), architecture))
        .map(|(name, package)| format!("{name} {}", package.version))
        .collect()
}

fn run_packages(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let (interpreter, source) = interpreter(context);
    let packages = interpreter.map(|it| Packages::of(context, &it));
    for name in context.subjects() {
        let version = packages.clone().and_then(|it| it.get(name).map(|found| found.version.clone()));
        facts.add(format!("python.package.{name}"), version.map(Value::from), source.clone());
    }
    let torch = packages.clone().and_then(|it| Torch::of(context, &it));
    let mlx = packages.and_then(|it| Mlx::of(context, &it));
    add_torch(&mut facts, &torch, &source);
    add_mlx(&mut facts, context, &mlx, &source);

    let mut need_cuda = Vec::new();
    let mut folder = None;
    if let Some(mlx) = mlx.as_present()
        && let Some(cuda) = &mlx.cuda
    {
        need_cuda.push(format!("mlx-cuda-{cuda} {}", mlx.version));
        folder = Some(mlx.folder.clone());
    }
    if let Some(torch) = torch.as_present().filter(|torch| torch.cuda.is_some()) {
        need_cuda.push(format!("torch {}", torch.version));
        folder = folder.or_else(|| Some(torch.file.parent()?.parent()?.to_owned()));
    }
    let known = torch.map(|_| ()).why_unknown().is_none() && mlx.map(|_| ()).why_unknown().is_none();
    if known || !need_cuda.is_empty() {
        facts.add("cuda.packages", Reading::Present(Value::List(need_cuda)), source.clone());
    } else {
        facts.add("cuda.packages", Reading::failed("the packages of python3 are not known"), source.clone());
    }
    let folder = folder.map(|folder| Value::from(folder.to_string_lossy().into_owned()));
    facts.add("cuda.packages_folder", folder.into(), source);
    facts
}

fn add_torch(facts: &mut Facts, torch: &Reading<Torch>, python: &str) {
    let source =
        torch.as_present().map_or(python.to_owned(), |torch| torch.file.to_string_lossy().into_owned());
    let mut add = |name: &str, value: fn(Torch) -> Option<String>| {
        let reading = torch.clone().and_then(|torch| Reading::from(value(torch)));
        facts.add(name, reading.map(Value::from), source.clone());
    };
    add("torch.version", |torch| Some(torch.version));
    add("torch.build", |torch| torch.build);
    add("torch.cuda", |torch| torch.cuda);
    add("torch.hip", |torch| torch.hip);
}

fn add_mlx(facts: &mut Facts, context: &Context, mlx: &Reading<Mlx>, python: &str) {
    let source = mlx.as_present().map_or(python.to_owned(), |mlx| mlx.folder.to_string_lossy().into_owned());
    if context.wants("mlx.macos_requirement") {
        let macos = mlx.clone().and_then(|mlx| Reading::from(mlx.macos(context)));
        facts.add("mlx.macos_requirement", macos.map(Value::from), source.clone());
    }
    let mut add = |name: &str, value: fn(Mlx) -> Option<Value>| {
        let reading = mlx.clone().and_then(|mlx| Reading::from(value(mlx)));
        facts.add(name, reading, source.clone());
    };
    add("mlx.version", |mlx| Some(mlx.version.into()));
    add("mlx.gpu", |mlx| Some(mlx.uses_gpu().into()));
    add("mlx.cuda", |mlx| mlx.cuda.map(Value::from));
    add("mlx.backends", |mlx| Some(mlx.backends.into()));
}

/// How the variables of the packages around MLX begin, such as `MLX_VLM_`.
pub(super) fn beside_mlx(context: &Context) -> Vec<String> {
    let (interpreter, _) = interpreter(context);
    let Some(packages) = interpreter.present().map(|it| Packages::of(context, &it)) else {
        return Vec::new();
    };
    let around = packages.all().filter(|(name, _)| name.starts_with("mlx-") && mlx::backend(name).is_none());
    around.map(|(name, _)| format!("{}_", name.to_uppercase().replace('-', "_"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::gpu::tests::{facts, shown};

    const PYTHON: &str = "host: {family: linux, name: Debian, arch: x86_64, cpu: x, cpus: 1, memory: 1}\n\
                          which: {python3: /v/bin/python3}\nlinks: {/v/bin/python3: /usr/bin/python3.12}\n";
    const SITE: &str = "/v/lib/python3.12/site-packages";

    #[test]
    fn packages_and_what_they_were_built_for() {
        let facts = facts(
            &PACKAGES,
            &format!(
                "{PYTHON}files:\n  /v/pyvenv.cfg: 'version = 3.12.1'\n  {SITE}/torch/version.py: \"__version__ = '2.5.1+cu124'\\ncuda = '12.4'\\nhip = None\\n\"\n  \
             {SITE}/mlx_cuda_13-0.32.4.dist-info/WHEEL: 'Tag: py3-none-manylinux_2_35_x86_64'\n\
             folders: {{{SITE}: [mlx-0.32.4.dist-info, mlx_cuda_13-0.32.4.dist-info, torch-2.5.1.dist-info, torch]}}\n"
            ),
        );
        for (name, value) in [
            ("python.package.mlx", "0.32.4"),
            ("python.package.numpy", "-"),
            ("torch.version", "2.5.1+cu124"),
            ("torch.build", "cu124"),
            ("torch.cuda", "12.4"),
            ("torch.hip", "-"),
            ("mlx.backends", "cuda"),
            ("mlx.cuda", "13"),
            ("mlx.macos_requirement", "-"),
            ("cuda.packages", "mlx-cuda-13 0.32.4, torch 2.5.1+cu124"),
            ("cuda.packages_folder", SITE),
        ] {
            assert_eq!(shown(&facts, name), value, "{name}");
        }
    }

    #[test]
    fn the_macos_that_mlx_was_built_for() {
        let facts = facts(
            &PACKAGES,
            &format!(
                "{PYTHON}files: {{/v/pyvenv.cfg: 'version = 3.12.1', {SITE}/mlx_metal-0.32.4.dist-info/WHEEL: 'Tag: py3-none-macosx_14_0_arm64'}}\n\
             folders: {{{SITE}: [mlx-0.32.4.dist-info, mlx_metal-0.32.4.dist-info]}}\n"
            ),
        );
        assert_eq!(shown(&facts, "mlx.macos_requirement"), ">= 14.0.0");
        assert_eq!(shown(&facts, "cuda.packages"), "");
    }

    #[test]
    fn packages_for_another_processor() {
        let recording = |tag: &str| {
            format!(
                "{PYTHON}files: {{/v/pyvenv.cfg: 'version = 3.12.1', {SITE}/numpy-2.2.5.dist-info/WHEEL: 'Tag: {tag}'}}\n\
             folders: {{{SITE}: [numpy-2.2.5.dist-info], /usr/lib/python3.12: [_sysconfigdata__x86_64-linux-gnu.py]}}\n"
            )
        };
        let wrong = facts(&PROBE, &recording("cp312-cp312-manylinux_2_17_aarch64"));
        assert_eq!(
            (shown(&wrong, "python.foreign_packages"), shown(&wrong, "python.environment")),
            ("numpy 2.2.5".into(), "/v".into())
        );
        let right = facts(&PROBE, &recording("cp312-cp312-manylinux_2_17_x86_64"));
        assert_eq!(shown(&right, "python.foreign_packages"), "");
    }

    #[test]
    fn without_a_python_there_is_nothing_and_behind_a_closed_door_nobody_knows() {
        assert_eq!(shown(&facts(&PACKAGES, ""), "cuda.packages"), "");
        let denied = facts(
            &PACKAGES,
            &format!(
                "{PYTHON}files: {{/v/pyvenv.cfg: 'version = 3.12.1'}}\nunknown: [{{question: !list {SITE}, reading: denied}}]"
            ),
        );
        assert_eq!(shown(&denied, "mlx.version"), "? permission denied");
        assert!(shown(&denied, "cuda.packages").starts_with("? "));
    }
}
