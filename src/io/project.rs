//! A folder with a manifest, plans and data, or a single plan.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::diag::{Code, Diagnostic, FileId, Parsed, Problems, SourceMap, Span};
use crate::io::WorldFault;
use crate::io::amendments::{AmendmentFile, put_apart, with_family};
use crate::io::manifest::{self, Manifest, SourceFile};
use crate::meaning::Bindings;
use crate::syntax::{ast, normalise, parse};
use crate::table::PEOPLE;

/// The manifest's name.
pub const MANIFEST: &str = "paycurve.yaml";

/// One plan with the shared files it uses.
#[derive(Debug)]
pub struct PlanFile {
    /// Its text.
    pub file: FileId,
    /// Shared files, by position in [`Project::shared`].
    pub shared: Vec<usize>,
    /// Its amendments, by position in [`Project::amendments`].
    pub amendments: Vec<usize>,
    /// What was written.
    pub parsed: Parsed<ast::File>,
}

/// A project, read.
#[derive(Debug)]
pub struct Project {
    /// Its folder.
    pub root: PathBuf,
    /// Its name: the manifest's, or the folder's.
    pub name: String,
    /// Where its data is.
    pub manifest: Manifest,
    /// Whether there is a manifest.
    pub has_manifest: bool,
    /// Where data files lie, if elsewhere than the manifest says.
    pub data: Option<PathBuf>,
    /// All its texts.
    pub sources: SourceMap,
    /// Whether all its plans are there, not one that was asked for alone.
    pub is_whole: bool,
    /// Its plans, by file name.
    pub plans: Vec<PlanFile>,
    /// Amendments of its plans, by file name.
    pub amendments: Vec<AmendmentFile>,
    /// Shared terms, each once.
    pub shared: Vec<Parsed<ast::File>>,
    /// BLAKE3 of every text, by name, in hex.
    pub hashes: BTreeMap<String, String>,
    /// What was wrong with the manifest and the finding of files.
    pub problems: Problems,
}

/// Opens a folder, or a single plan file. `data` replaces the folder in which data files are looked for.
///
/// # Errors
/// A folder or file that cannot be read, or is not there.
pub fn open(at: &Path, data: Option<&Path>) -> Result<Project, WorldFault> {
    let meta = fs::metadata(at).map_err(|e| WorldFault::new(at, "read", e))?;
    if let Some(folder) = data {
        // Whoever names a folder of data means one that is there.
        fs::read_dir(folder).map_err(|e| WorldFault::new(folder, "read", e))?;
    }
    let only = (!meta.is_dir()).then(|| at.to_owned());
    let root = match &only {
        None => at.to_owned(),
        Some(file) => root_of(file),
    };
    let mut project = Project {
        name: folder_name(&root),
        root,
        manifest: Manifest::default(),
        has_manifest: false,
        data: data.map(Path::to_owned),
        sources: SourceMap::new(),
        is_whole: only.is_none(),
        plans: Vec::new(),
        amendments: Vec::new(),
        shared: Vec::new(),
        hashes: BTreeMap::new(),
        problems: Problems::new(),
    };
    project.read_manifest()?;
    let files = match only {
        Some(file) => with_family(&file, &project.root, project.has_manifest),
        None => project.plan_files()?,
    };
    let mut shared: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for path in files {
        project.read_plan(&path, &mut shared)?;
    }
    let files = std::mem::take(&mut project.plans);
    (project.plans, project.amendments) = put_apart(files, &mut project.problems);
    Ok(project)
}

fn folder_name(root: &Path) -> String {
    let full = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    full.file_name().map_or_else(
        || "project".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// The project a single plan belongs to: the nearest folder above it with a manifest, else with shared terms.
fn root_of(file: &Path) -> PathBuf {
    let full = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folders = || full.ancestors().skip(1);
    folders()
        .find(|folder| folder.join(MANIFEST).is_file())
        .or_else(|| {
            folders().find(|folder| {
                folder.join("company.terms").is_file() || folder.join("data").is_dir()
            })
        })
        .or_else(|| full.parent())
        .map_or_else(|| PathBuf::from("."), Path::to_owned)
}

impl Project {
    fn read_manifest(&mut self) -> Result<(), WorldFault> {
        let path = self.root.join(MANIFEST);
        if !path.is_file() {
            return Ok(());
        }
        self.has_manifest = true;
        let (file, text) = self.read_text(&path)?;
        match manifest::read(file, &text) {
            Ok(manifest) => self.manifest = manifest,
            Err(problems) => problems
                .into_iter()
                .for_each(|problem| self.problems.push(problem)),
        }
        if !self.manifest.name.is_empty() {
            self.name.clone_from(&self.manifest.name);
        }
        Ok(())
    }

    /// A text of the project, kept and hashed under its name.
    fn read_text(&mut self, path: &Path) -> Result<(FileId, String), WorldFault> {
        let bytes = fs::read(path).map_err(|e| WorldFault::new(path, "read", e))?;
        let name = self.relative(path);
        self.hashes
            .insert(name.clone(), blake3::hash(&bytes).to_hex().to_string());
        let (text, broken) = match String::from_utf8(bytes) {
            Ok(text) => (text, false),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
        };
        let as_read = text;
        let text = normalise(&as_read).into_owned();
        let file = self.sources.add_from(name, text.clone(), &as_read);
        if broken {
            let at = text.find('\u{FFFD}').unwrap_or(0);
            self.problems.push(
                Diagnostic::at(
                    Code::S004,
                    Span::new(file, at, at + 3),
                    "this text is not UTF-8",
                )
                .help("save the file as UTF-8", ""),
            );
        }
        Ok((file, text))
    }

    /// A path as people know it: from the project's folder, with `/`, and with `..` where it lies outside.
    fn relative(&self, path: &Path) -> String {
        let full = |p: &Path| fs::canonicalize(p).unwrap_or_else(|_| p.to_owned());
        let (path, root) = (full(path), full(&self.root));
        let mut folders = root.ancestors().enumerate();
        let above = folders.find_map(|(up, folder)| Some((up, path.strip_prefix(folder).ok()?)));
        let (up, rest) = above.unwrap_or((0, &path));
        let names = rest
            .components()
            .map(|part| part.as_os_str().to_string_lossy());
        std::iter::repeat_n("..".into(), up)
            .chain(names)
            .collect::<Vec<_>>()
            .join("/")
    }

    fn plan_files(&mut self) -> Result<Vec<PathBuf>, WorldFault> {
        let mut found = Vec::new();
        if self.manifest.plans.is_empty() {
            find_plans(&self.root.clone(), true, &mut found)?;
        }
        for entry in self.manifest.plans.clone() {
            let path = self.root.join(&entry);
            if path.is_dir() {
                find_plans(&path, false, &mut found)?;
            } else if path.is_file() {
                found.push(path);
            } else {
                let span = self.in_manifest(&entry);
                self.problems.push(
                    Diagnostic::at(Code::M003, span, format!("there is no `{entry}`"))
                        .saying("`plans` names it"),
                );
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// Where a word stands in the manifest.
    fn in_manifest(&self, word: &str) -> Span {
        let Some((file, source)) = self.sources.files().next() else {
            return Span::new(self.no_file(), 0, 0);
        };
        let at = source.text.find(word).unwrap_or(0);
        Span::new(file, at, at + word.len())
    }

    fn no_file(&self) -> FileId {
        // A span needs a text; an empty project has only an empty one.
        let mut map = SourceMap::new();
        map.add("", "")
    }

    fn read_plan(
        &mut self,
        path: &Path,
        shared: &mut BTreeMap<PathBuf, usize>,
    ) -> Result<(), WorldFault> {
        let (file, text) = self.read_text(path)?;
        let parsed = parse(file, &text);
        let uses: Vec<(String, Span)> = parsed
            .value
            .items
            .iter()
            .filter_map(|item| match item {
                ast::Item::Use(name) => Some((name.value.clone(), name.span)),
                _ => None,
            })
            .collect();
        let mut indexes = Vec::new();
        for (name, span) in uses {
            let Some(found) = self.look_up(path, &name) else {
                self.problems.push(
                    Diagnostic::at(Code::M003, span, format!("there is no \"{name}\"")).saying(
                        "looked for beside the plan and in the folders above it, up to the project",
                    ),
                );
                self.shared.push(Parsed {
                    value: ast::File::unread(file),
                    problems: Problems::new(),
                });
                indexes.push(self.shared.len() - 1);
                continue;
            };
            let known = shared.get(&found).copied();
            let index = match known {
                Some(index) => index,
                None => {
                    let (file, text) = self.read_text(&found)?;
                    self.shared.push(parse(file, &text));
                    shared.insert(found, self.shared.len() - 1);
                    self.shared.len() - 1
                }
            };
            if !indexes.contains(&index) {
                indexes.push(index);
            }
        }
        self.plans.push(PlanFile {
            file,
            shared: indexes,
            amendments: Vec::new(),
            parsed,
        });
        Ok(())
    }

    /// A shared file: beside the plan, or in a folder above it up to the project's.
    fn look_up(&self, plan: &Path, name: &str) -> Option<PathBuf> {
        let full = fs::canonicalize(plan).ok()?;
        let root = fs::canonicalize(&self.root).ok()?;
        let beside = full.parent()?;
        let above = beside.ancestors().skip(1);
        std::iter::once(beside)
            .chain(above.take_while(|folder| folder.starts_with(&root)))
            .map(|folder| folder.join(name))
            .find(|path| path.is_file())
    }

    /// Where a source's file is said to be; without a manifest, `data/NAME.csv`.
    pub fn source_file(&self, binding: &str) -> Option<SourceFile> {
        let plain = || SourceFile::plain(format!("data/{binding}.csv"));
        if binding == PEOPLE {
            return Some(self.manifest.people.clone().unwrap_or_else(plain));
        }
        match self.manifest.sources.get(binding) {
            Some(source) => Some(source.clone()),
            None if !self.has_manifest => Some(plain()),
            None => None,
        }
    }

    /// The path of a data file.
    pub fn data_path(&self, file: &str) -> PathBuf {
        match &self.data {
            None => self.root.join(file),
            Some(folder) => folder.join(file.strip_prefix("data/").unwrap_or(file)),
        }
    }

    /// The files of a source with their paths, patterns in order of their names; and those that are not there.
    ///
    /// # Errors
    /// A folder that cannot be read.
    #[expect(
        clippy::type_complexity,
        reason = "two lists, told apart by what is in them"
    )]
    pub fn files_of(
        &self,
        source: &SourceFile,
    ) -> Result<(Vec<(String, PathBuf)>, Vec<String>), WorldFault> {
        let mut files: Vec<(String, PathBuf)> = Vec::new();
        let mut missing = Vec::new();
        for pattern in source.patterns() {
            let found = if pattern.contains('*') {
                self.matching(pattern)?
            } else {
                let path = self.data_path(pattern);
                path.is_file()
                    .then(|| (pattern.clone(), path))
                    .into_iter()
                    .collect()
            };
            if found.is_empty() {
                missing.push(pattern.clone());
            }
            for own in found {
                if !files.contains(&own) {
                    files.push(own);
                }
            }
        }
        Ok((files, missing))
    }

    /// Files whose name is like a pattern, in the order of their names.
    fn matching(&self, pattern: &str) -> Result<Vec<(String, PathBuf)>, WorldFault> {
        let (folder, wanted) = pattern.rsplit_once('/').unwrap_or(("", pattern));
        let path = self.data_path(pattern);
        let Some(parent) = path.parent().filter(|parent| parent.is_dir()) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for entry in fs::read_dir(parent).map_err(|e| WorldFault::new(parent, "read", e))? {
            let path = entry
                .map_err(|e| WorldFault::new(parent, "read", e))?
                .path();
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            if let Some(name) = name.filter(|name| is_like(name, wanted) && path.is_file()) {
                let full = if folder.is_empty() {
                    name
                } else {
                    format!("{folder}/{name}")
                };
                found.push((full, path));
            }
        }
        found.sort();
        Ok(found)
    }

    /// How many bytes of data there are, for showing progress.
    pub fn data_bytes(&self) -> u64 {
        let sources = self.manifest.sources.values().chain(&self.manifest.people);
        sources
            .filter_map(|source| self.files_of(source).ok())
            .flat_map(|(files, _)| files)
            .filter_map(|(_, path)| fs::metadata(path).ok())
            .map(|meta| meta.len())
            .sum()
    }

    /// What the checker needs to know of the sources.
    pub fn bindings(&self) -> Bindings {
        let known = self
            .manifest
            .sources
            .iter()
            .filter_map(|(name, source)| Some((name.clone(), source.money()?)));
        let people = self
            .manifest
            .people
            .iter()
            .filter_map(|people| Some((PEOPLE.to_owned(), people.money()?)));
        Bindings {
            sources: known.chain(people).collect(),
        }
    }
}

/// Whether a name is like a pattern in which `*` stands for anything, also nothing.
fn is_like(name: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return name == pattern;
    };
    let Some(name) = name.strip_prefix(start) else {
        return false;
    };
    let mut ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
    ends.any(|at| is_like(name.get(at..).unwrap_or_default(), rest))
}

/// Plans in a folder and below it, data and hidden folders left out.
pub(in crate::io) fn find_plans(
    folder: &Path,
    top: bool,
    found: &mut Vec<PathBuf>,
) -> Result<(), WorldFault> {
    let entries = fs::read_dir(folder).map_err(|e| WorldFault::new(folder, "read", e))?;
    for entry in entries {
        let path = entry
            .map_err(|e| WorldFault::new(folder, "read", e))?
            .path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.is_dir() {
            let is_other_project = path.join(MANIFEST).is_file();
            if !name.starts_with('.')
                && !(top && (name == "data" || name == "target"))
                && !is_other_project
            {
                find_plans(&path, false, found)?;
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == "plan")
        {
            found.push(path);
        }
    }
    Ok(())
}
