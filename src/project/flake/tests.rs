use super::*;

const HEALTHY: &str = r#"{
  description = "demo";
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    flake-utils = { url = "github:numtide/flake-utils"; inputs.systems.follows = "systems"; };
    systems.url = "github:nix-systems/default";
  };
  outputs = { self, nixpkgs, flake-utils, ... }@inputs:
    flake-utils.lib.eachDefaultSystem (system:
      let
        pkgs = nixpkgs.legacyPackages.${system};
        beam = pkgs.beam.packages.erlang_27;
        inherit (pkgs) lib postgresql_16;
      in {
        devShells.default = pkgs.mkShell {
          packages = [ beam.elixir_1_18 postgresql_16 ] ++ (with pkgs; [ git ])
            ++ lib.optionals pkgs.stdenv.isLinux [ pkgs.inotify-tools ];
          MIX_ENV = "dev";
          shellHook = ''
            export ERL_FLAGS="-kernel shell_history enabled"
            export ROOT=$PWD
            source ${./nix/hook.sh}
          '';
        };
      });
}
"#;

fn flake(text: &str) -> Flake {
    parse_flake(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The line and column of an offset.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    (text[..start].matches('\n').count() + 1, offset - start + 1)
}

fn names(items: &[Located<String>]) -> Vec<&str> {
    items.iter().map(|item| item.value.as_str()).collect()
}

fn packages(expression: &Expression) -> Vec<String> {
    expression.packages.iter().map(|package| package.path.join(".")).collect()
}

fn impossible(text: &str) -> Vec<String> {
    let flake = flake(text);
    let paths = flake.expression.packages.iter().filter(|package| cannot_exist(&package.path).is_some());
    paths.map(|package| package.path.join(".")).collect()
}

#[test]
fn a_usual_flake_is_read() {
    let flake = flake(HEALTHY);
    let inputs: Vec<_> =
        flake.inputs.iter().map(|input| (input.name.as_str(), input.url.as_deref())).collect();
    assert_eq!(
        inputs,
        [
            ("nixpkgs", Some("github:NixOS/nixpkgs/nixos-25.05")),
            ("flake-utils", Some("github:numtide/flake-utils")),
            ("systems", Some("github:nix-systems/default")),
        ]
    );
    assert_eq!(place(HEALTHY, flake.inputs[0].offset), (4, 5));
    assert!(flake.undeclared().is_empty());
    assert!(flake.unaccepted().is_empty());
    assert!(flake.without_system.is_empty());
    assert_eq!(names(&flake.shells), ["default"]);
    assert!(flake.expression.free.is_empty(), "{:?}", flake.expression.free);
    assert!(flake.expression.taken_from_flake.is_empty());
    assert!(!flake.expression.overlaid);
    let paths = packages(&flake.expression);
    for path in ["beam.packages.erlang_27.elixir_1_18", "postgresql_16", "git", "mkShell", "inotify-tools"] {
        assert!(paths.iter().any(|used| used == path), "{path}: {paths:?}");
    }
    let git = flake.expression.packages.iter().find(|package| package.path == ["git"]).unwrap();
    assert_eq!(place(HEALTHY, git.offset), (16, 74));
    let exports: Vec<_> = flake
        .expression
        .exports
        .iter()
        .map(|it| (it.name.as_str(), it.value.as_deref(), place(HEALTHY, it.offset).0))
        .collect();
    assert_eq!(
        exports,
        [
            ("MIX_ENV", Some("dev"), 18),
            ("ERL_FLAGS", Some("-kernel shell_history enabled"), 20),
            ("ROOT", None, 21),
        ]
    );
    assert_eq!(flake.expression.paths.len(), 1);
    assert_eq!(flake.expression.paths[0].value, PathUse { path: "./nix/hook.sh".into(), named: false });
}

#[test]
fn other_layouts_have_no_problems_either() {
    for text in [
        // flake-parts
        r#"{ inputs.nixpkgs.url = "nixpkgs"; inputs.flake-parts.url = "github:hercules-ci/flake-parts";
           outputs = inputs@{ flake-parts, ... }: flake-parts.lib.mkFlake { inherit inputs; } {
             systems = [ "x86_64-linux" "aarch64-darwin" ];
             perSystem = { config, self', inputs', pkgs, system, ... }: {
               devShells.default = pkgs.mkShell { packages = [ pkgs.elixir_1_18 ]; }; }; }; }"#,
        // genAttrs
        r#"{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = { self, nixpkgs }: let
             systems = [ "x86_64-linux" ];
             forAllSystems = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
           in { devShells = forAllSystems (pkgs: { default = pkgs.mkShell { packages = with pkgs; [ elixir git ]; }; });
                formatter = forAllSystems (pkgs: pkgs.nixfmt-rfc-style); overlays.default = final: prev: { }; }; }"#,
        // explicit systems
        r#"{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = inputs: let system = "x86_64-linux";
             pkgs = import inputs.nixpkgs { inherit system; }; in {
             devShells.${system}.default = pkgs.mkShell { };
             devShells.aarch64-linux = { default = pkgs.mkShell { }; ci = pkgs.mkShell { }; };
             packages = { x86_64-linux.default = pkgs.hello; }; devShell.x86_64-linux = pkgs.mkShell { };
             nixosModules.default = { }; lib.version = inputs.nixpkgs.lib.version; }; }"#,
        // an overlay may define anything
        r#"{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = { self, nixpkgs }: { packages.x86_64-linux.default =
             (import nixpkgs { overlays = [ self.overlays.default ]; }).credo; }; }"#,
        // names from a `with`, and computed ones
        r#"{ outputs = { self, nixpkgs }: with nixpkgs.lib; { a = optional true 1; b = rec { ${"x"} = 1; y = x; }; }; }"#,
        // somebody else's nixpkgs
        r#"{ inputs.nixpkgs.url = "github:example/pkgs"; outputs = { self, nixpkgs }: { x = nixpkgs.credo; }; }"#,
    ] {
        let flake = flake(text);
        assert!(flake.without_system.is_empty(), "{:?}\n{text}", flake.without_system);
        assert!(flake.expression.free.is_empty(), "{:?}\n{text}", flake.expression.free);
        assert!(
            flake.expression.taken_from_flake.is_empty(),
            "{:?}\n{text}",
            flake.expression.taken_from_flake
        );
        let impossible = impossible(text);
        assert!(impossible.is_empty() || flake.expression.overlaid, "{impossible:?}\n{text}");
    }
}

#[test]
fn arguments_and_inputs_that_do_not_go_together() {
    let text = "{ inputs = { nixpkgs.url = \"nixpkgs\"; extra = { url = \"path:./x\"; }; };\n  outputs = { nixpkgs, flake-utils }: { }; }";
    let flake = flake(text);
    let undeclared: Vec<_> =
        flake.undeclared().into_iter().map(|it| (it.value.as_str(), place(text, it.offset))).collect();
    assert_eq!(undeclared, [("flake-utils", (2, 24))]);
    assert_eq!(names(&flake.unaccepted()), ["extra", "self"]);
}

#[test]
fn how_the_flake_itself_is_fetched_is_no_input() {
    let flake = flake("{ inputs.self.submodules = true; outputs = { self }: { }; }");
    assert!(flake.inputs.is_empty() && flake.unaccepted().is_empty());
}

#[test]
fn urls_need_no_quotes() {
    let flake =
        flake("{ inputs.nixpkgs.url = github:NixOS/nixpkgs/nixos-24.05; outputs = { self, nixpkgs }: { }; }");
    assert_eq!(flake.inputs[0].url.as_deref(), Some("github:NixOS/nixpkgs/nixos-24.05"));
}

#[test]
fn outputs_without_a_system() {
    let text = r#"{ outputs = { self, nixpkgs }: let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {
          devShells.default = pkgs.mkShell { };
          packages = { hello = pkgs.hello; x86_64-linux.default = pkgs.hello; };
        } // { devShell = pkgs.mkShell { }; }; }"#;
    let flake = flake(text);
    assert_eq!(names(&flake.without_system), ["devShells.default", "packages.hello", "devShell"]);
    assert_eq!(place(text, flake.without_system[0].offset), (2, 11));
}

#[test]
fn what_is_no_flake_is_told() {
    for (text, line, column) in
        [("let a = 1; in { }", 1, 1), ("\n pkgs.elixir_1_17 pkgs.erlang", 2, 2), ("", 1, 1)]
    {
        let Err(NixError::Invalid(mistake)) = parse_flake(text) else { panic!("{text}") };
        assert_eq!(place(text, mistake.offset), (line, column), "{text}");
    }
}

#[test]
fn a_shell_has_packages_too() {
    let shell = parse_nix(
        "{ pkgs ? import <nixpkgs> {} }:\nwith pkgs;\nmkShell { buildInputs = [ elixir_1_17_3 nodejs_22 ]; }",
    )
    .unwrap();
    assert_eq!(packages(&shell), ["mkShell", "elixir_1_17_3", "nodejs_22"]);
    let named = parse_nix("{ p ? import <nixpkgs> {} }: p.credo").unwrap();
    assert_eq!(packages(&named), ["credo"]);
    let pinned = r#"let p = import (fetchTarball "https://github.com/NixOS/nixpkgs/archive/nixos-24.05.tar.gz") {}; in p.credo"#;
    assert_eq!(packages(&parse_nix(pinned).unwrap()), ["credo"]);
}

#[test]
fn urls_of_nixpkgs() {
    for (url, branch) in [
        ("github:NixOS/nixpkgs/nixos-24.05", Some("nixos-24.05")),
        ("github:nixos/nixpkgs?ref=nixos-24.11", Some("nixos-24.11")),
        ("github:NixOS/nixpkgs", None),
        ("nixpkgs/nixos-23.11", Some("nixos-23.11")),
        ("nixpkgs", None),
        ("git+https://github.com/NixOS/nixpkgs.git?ref=nixos-24.05&shallow=1", Some("nixos-24.05")),
        ("https://github.com/NixOS/nixpkgs/archive/nixos-24.05.tar.gz", Some("nixos-24.05")),
        ("https://channels.nixos.org/nixos-24.05/nixexprs.tar.xz", Some("nixos-24.05")),
    ] {
        assert_eq!(Nixpkgs::of(url), Some(Nixpkgs { branch: branch.map(str::to_owned) }), "{url}");
    }
    for url in ["github:NixOS/nixpkgs-wayland", "github:example/nixpkgs", "nixpkgs-fmt", "path:./nixpkgs"] {
        assert_eq!(Nixpkgs::of(url), None, "{url}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_is_read_or_refused(text in "(\\PC|[\\n ]){0,200}") {
        let _ = parse_flake(&text);
        let _ = parse_nix(&text);
    }

    #[test]
    fn any_part_of_a_flake_is_read_or_refused(from in 0..HEALTHY.len(), to in 0..HEALTHY.len(), twice: bool) {
        let part = HEALTHY.get(from.min(to)..from.max(to)).unwrap_or_default();
        let text = if twice { format!("{}{part}{part}", &HEALTHY[..from]) } else { HEALTHY.replacen(part, "", 1) };
        let _ = parse_flake(&text);
        let _ = parse_nix(&text);
    }

    #[test]
    fn tokens_in_any_order_are_read_or_refused(
        tokens in proptest::collection::vec(
            proptest::sample::select(vec![
                "{", "}", "(", ")", "[", "]", "''", "\"", "${", ";", "=", "a", "b.c", "inherit", "let", "in", "with",
                "rec", "or", ":", "@", ",", "...", "./x", "outputs", "inputs", "self", "import", "pkgs", "1", "++", "//",
            ]),
            0..60,
        ),
    ) {
        let text = tokens.join(" ");
        if let Err(NixError::Invalid(mistake)) = parse_nix(&text) {
            proptest::prop_assert!(mistake.offset <= text.len());
            // What is said to mend it, mends it.
            if let Some(semicolon) = mistake.semicolon.filter(|it| it.suffices) {
                let at = semicolon.offset;
                let mended = format!("{};{}", &text[..at], &text[at..]);
                proptest::prop_assert!(parse_nix(&mended).is_ok());
            }
        }
    }
}

#[test]
fn an_input_that_is_told_in_parts_has_the_url_of_the_parts() {
    let text = r#"{
  inputs.nixpkgs = { type = "github"; owner = "NixOS"; repo = "nixpkgs"; ref = "nixos-23.05"; };
  inputs.disko = { type = "github"; owner = "nix-community"; repo = "disko"; flake = false; };
  inputs.folder = { type = "github"; owner = "a"; repo = "b"; dir = "c"; };
  inputs.git = { type = "git"; url = "https://example.org/a.git"; ref = "main"; };
  outputs = inputs: { };
}"#;
    let flake = parse_flake(text).unwrap();
    let urls: Vec<_> = flake.inputs.iter().map(|input| input.url.as_deref()).collect();
    assert_eq!(
        urls,
        [Some("github:NixOS/nixpkgs/nixos-23.05"), Some("github:nix-community/disko"), None, None]
    );
}
