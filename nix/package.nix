# envdoctor, from this tree: `pkgs.callPackage ./nix/package.nix { }`.
{
  lib,
  stdenv,
  rustPlatform,
  installShellFiles,
}:
let
  root = ../.;
  manifest = (builtins.fromTOML (builtins.readFile ../Cargo.toml)).package;

  # What the build reads, and nothing else: an edited test or page builds nothing anew.
  sources = [
    "Cargo.lock"
    "Cargo.toml"
    "LICENSE-APACHE"
    "LICENSE-MIT"
    "README.md"
    "build.rs"
    "rules"
    "src"
  ];
  topLevel = path: builtins.head (lib.splitString "/" (lib.removePrefix "${toString root}/" path));
in
rustPlatform.buildRustPackage {
  pname = "envdoctor";
  inherit (manifest) version;

  src = builtins.path {
    name = "envdoctor-source";
    path = root;
    filter = path: _type: builtins.elem (topLevel path) sources;
  };
  cargoLock.lockFile = ../Cargo.lock;

  nativeBuildInputs = [ installShellFiles ];

  # The tests drive real tools and Debian roots: `.ci/run` runs them. Here the result examines its own rules.
  doCheck = false;
  doInstallCheck = stdenv.buildPlatform.canExecute stdenv.hostPlatform;
  installCheckPhase = ''
    runHook preInstallCheck
    $out/bin/envdoctor --version
    HOME=$TMPDIR $out/bin/envdoctor rules test
    runHook postInstallCheck
  '';

  postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
    export HOME=$TMPDIR
    for shell in bash zsh fish; do
      $out/bin/envdoctor completions $shell > envdoctor.$shell
    done
    installShellCompletion --cmd envdoctor \
      --bash envdoctor.bash --zsh envdoctor.zsh --fish envdoctor.fish
    mkdir manual
    $out/bin/envdoctor man manual
    installManPage manual/*
  '';

  meta = {
    inherit (manifest) description;
    license = with lib.licenses; [
      mit
      asl20
    ];
    mainProgram = "envdoctor";
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
  };
}
