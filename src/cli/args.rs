//! What was typed. Help texts are documentation: they are snapshot-tested and make `docs/cli.md`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum, value_parser};

/// Commission and incentive plans as text that finance can sign, and the exact money they pay.
///
/// A project is a folder with `paycurve.yaml`, plans and data. Start with `paycurve init`, or look at
/// plans/gallery/saas.
#[derive(Debug, Parser)]
#[command(
    name = "paycurve",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Args {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables for people
    Table,
    /// Payouts as CSV
    Csv,
    /// JSON for programs
    Json,
}

/// How to print what is text or JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    /// Text for people
    Text,
    /// JSON for programs
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a small complete project to start from
    ///
    /// The folder gets a manifest, shared terms, one plan with a test, and three small data files. Nothing that
    /// is there already is touched.
    Init(InitArgs),
    /// Read plans and say what is wrong with them
    ///
    /// Prints every problem with its line, an example in money and ways out. Exits with 1 where there are errors, or
    /// warnings that the plan does not accept. Data is read only with --with-data, which adds, by source and column,
    /// how many cells are empty or at fault, and the first of each kind of fault; and whom an amendment pays otherwise
    /// for periods that had ended when it was approved.
    Check(CheckArgs),
    /// Lay plans out in the one style
    ///
    /// Values stand in a column, the pipes of tables below each other, one blank line between blocks. Comments stay,
    /// and a line that cannot be read stays as it is. Nothing but blanks ever changes: where more would, the file is
    /// left alone. Folders are searched for .plan and .terms files.
    Fmt(FmtArgs),
    /// Run the tests written inside plans
    ///
    /// Each test runs on both engines, and both must pay exactly what it expects: there is no tolerance. A test
    /// that fails shows what was expected, what was found and the receipt; what a test leaves unsaid takes neutral
    /// values, which are named.
    ///
    /// With --coverage every gate, cap, floor and condition counts twice, since it can go two ways, and every row of a
    /// table, rule of a measure and split once.
    ///
    /// With --suggest no test is run: for each pay that follows one total, a test on each point where its course
    /// changes, one unit below and one above, is written out, unless the plan has one there.
    Test(TestArgs),
    /// Calculate what everyone earns
    ///
    /// Prints by plan and person the quota, attainment, payouts, and what is held and why; then totals and
    /// exceptions in the data. Faults in the data hold the people they reach; the others are paid, and the exit
    /// code is 1.
    Run(RunArgs),
    /// Say why a payout is what it is, to the cent
    ///
    /// Prints every step with the plan's line: what was read and where it stands in the data, which row of a
    /// table was reached and why not its neighbours, what caps, gates and rounding did.
    Explain(ExplainArgs),
    /// Explain a message by its code, such as T402
    ExplainCode(CodeArgs),
}

/// `init`
#[derive(Debug, ClapArgs)]
pub struct InitArgs {
    /// The folder to make
    #[arg(default_value = ".")]
    pub dir: PathBuf,
}

/// `check`
#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    /// A project's folder, or one plan
    #[arg(default_value = ".", value_name = "DIR|FILE")]
    pub path: PathBuf,
    /// Look at the data too, in DIR where one is given
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    pub with_data: Option<Option<PathBuf>>,
    /// How to print
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}

/// `fmt`
#[derive(Debug, ClapArgs)]
pub struct FmtArgs {
    /// Folders and files
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write nothing; show the lines that would change, and exit with 1 where there are any
    #[arg(long)]
    pub check: bool,
    /// Read one text from standard input and write it to standard output
    #[arg(long, conflicts_with = "paths")]
    pub stdin: bool,
}

/// `test`
#[derive(Debug, ClapArgs)]
pub struct TestArgs {
    /// A project's folder, or one plan
    #[arg(default_value = ".", value_name = "DIR|FILE")]
    pub path: PathBuf,
    /// Say of every test which columns, facts and quotas it leaves unsaid, and what they are taken to be
    #[arg(long)]
    pub verbose: bool,
    /// Run only the tests with these words in their title, and print the receipt of everything they expect
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["suggest", "coverage"])]
    pub explain: Option<String>,
    /// Say which clauses and rows the tests exercise, and list the lines that they do not
    #[arg(long, conflicts_with = "suggest")]
    pub coverage: bool,
    /// Print the boundary tests that are missing, with computed answers for a person to check
    #[arg(long)]
    pub suggest: bool,
    /// With --suggest: pay this person, of whom the plan's tests say what matters
    #[arg(long, value_name = "NAME", requires = "suggest")]
    pub payee_like: Option<String>,
    /// With --suggest: write them below the plan instead of printing them
    #[arg(long, requires = "suggest")]
    pub write: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}

/// `run`
#[derive(Debug, ClapArgs)]
pub struct RunArgs {
    /// A project's folder, or one plan
    #[arg(default_value = ".", value_name = "DIR|FILE")]
    pub path: PathBuf,
    /// Take data files from this folder
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Only this period, such as 2026-03, 2026-Q1 or 2026; all periods inside it are paid, no part of one
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// Only this person
    #[arg(long, value_name = "ID")]
    pub payee: Option<String>,
    /// Write payouts.csv, credits.csv, beside.csv, measures.csv, exceptions.csv and run.json into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// With --out: leave credits.csv out
    #[arg(long, requires = "out")]
    pub no_credits: bool,
    /// Pay nobody and write nothing where the data has errors: print the first, and exit with 1
    #[arg(long)]
    pub strict: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// How many threads to use, from 1 to 1,024; all cores by default. The results are the same
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=1_024))]
    pub threads: Option<u16>,
}

/// `explain`
#[derive(Debug, ClapArgs)]
pub struct ExplainArgs {
    /// A project's folder, or one plan
    #[arg(default_value = ".", value_name = "DIR|FILE")]
    pub path: PathBuf,
    /// Take data files from this folder
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The person
    #[arg(long, value_name = "ID")]
    pub payee: String,
    /// The period, such as 2026-03 or 2026-Q1; all periods inside it are explained
    #[arg(long, value_name = "PERIOD")]
    pub period: String,
    /// Only this payout
    #[arg(long, value_name = "NAME")]
    pub pay: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub format: TextFormat,
}

/// `explain-code`
#[derive(Debug, ClapArgs)]
pub struct CodeArgs {
    /// The code; all codes with their titles where none is given
    pub code: Option<String>,
}
