//! Every head and clause of the language, once: the words, the block, an example and its page. Near names,
//! "expected …" messages and `docs/language/phrases.md` come from here.

use crate::syntax::grammar::Rule;

/// A block of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Block {
    /// `plan`
    Plan,
    /// `use`
    Use,
    /// `calendar`
    Calendar,
    /// `unit`
    Unit,
    /// `people`
    People,
    /// `records`
    Records,
    /// `credit`
    Credit,
    /// `budget`
    Budget,
    /// `draw`
    Draw,
    /// `rollup`
    Rollup,
    /// `input`
    Input,
    /// `quota`
    Quota,
    /// `measure`
    Measure,
    /// `tiers`
    Tiers,
    /// `curve`
    Curve,
    /// `matrix`
    Matrix,
    /// `value`
    Value,
    /// `rate`
    Rate,
    /// `exchange`
    Exchange,
    /// `scorecard`
    Scorecard,
    /// `carry`
    Carry,
    /// `component`
    Component,
    /// `pay`
    Pay,
    /// `clawback`
    Clawback,
    /// `adjustments`
    Adjustments,
    /// `exception`
    Exception,
    /// `pool`
    Pool,
    /// `total`
    Total,
    /// `contest`
    Contest,
    /// `ranking`
    Ranking,
    /// `prove`
    Prove,
    /// `test`
    Test,
    /// `amend`
    Amend,
    /// `replace`, before the head of another block
    Replace,
    /// `on the change date`
    Change,
}

impl Block {
    /// All, in the order in which a plan has them by custom.
    pub const ALL: [Block; 35] = [
        Block::Plan,
        Block::Use,
        Block::Calendar,
        Block::Unit,
        Block::People,
        Block::Records,
        Block::Input,
        Block::Quota,
        Block::Credit,
        Block::Rollup,
        Block::Measure,
        Block::Tiers,
        Block::Curve,
        Block::Matrix,
        Block::Value,
        Block::Rate,
        Block::Exchange,
        Block::Scorecard,
        Block::Carry,
        Block::Ranking,
        Block::Component,
        Block::Pay,
        Block::Budget,
        Block::Clawback,
        Block::Draw,
        Block::Adjustments,
        Block::Exception,
        Block::Pool,
        Block::Total,
        Block::Contest,
        Block::Prove,
        Block::Test,
        Block::Amend,
        Block::Replace,
        Block::Change,
    ];

    /// The word that opens it.
    pub fn word(self) -> &'static str {
        match self {
            Block::Plan => "plan",
            Block::Use => "use",
            Block::Calendar => "calendar",
            Block::Unit => "unit",
            Block::People => "people",
            Block::Records => "records",
            Block::Credit => "credit",
            Block::Budget => "budget",
            Block::Draw => "draw",
            Block::Rollup => "rollup",
            Block::Input => "input",
            Block::Quota => "quota",
            Block::Measure => "measure",
            Block::Tiers => "tiers",
            Block::Curve => "curve",
            Block::Matrix => "matrix",
            Block::Value => "value",
            Block::Rate => "rate",
            Block::Exchange => "exchange",
            Block::Scorecard => "scorecard",
            Block::Carry => "carry",
            Block::Component => "component",
            Block::Pay => "pay",
            Block::Clawback => "clawback",
            Block::Adjustments => "adjustments",
            Block::Exception => "exception",
            Block::Pool => "pool",
            Block::Total => "total",
            Block::Contest => "contest",
            Block::Ranking => "ranking",
            Block::Prove => "prove",
            Block::Test => "test",
            Block::Amend => "amend",
            Block::Replace => "replace",
            Block::Change => "on",
        }
    }

    /// The block a word opens.
    pub fn from_word(word: &str) -> Option<Block> {
        Block::ALL.into_iter().find(|block| block.word() == word)
    }
}

/// One phrase.
#[derive(Clone, Copy, Debug)]
pub struct Phrase {
    /// Its rule in the grammar.
    pub(in crate::syntax) rule: Rule,
    /// Whether it opens its block.
    pub head: bool,
    /// Where it may stand.
    pub blocks: &'static [Block],
    /// The word it starts with; empty where a name comes first.
    pub lead: &'static str,
    /// Its form, with what the author fills in in capitals.
    pub words: &'static str,
    /// One line that is right.
    pub example: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// Its page in docs/language.
    pub page: &'static str,
}

macro_rules! phrases {
    ($($kind:ident $rule:ident [$($block:ident)+] $lead:literal, $words:literal, $example:literal, $meaning:literal, $page:literal;)*) => {
        /// Every phrase; of those with one lead, the more particular first.
        pub const PHRASES: &[Phrase] = &[$(Phrase {
            rule: Rule::$rule,
            head: phrases!(@ $kind),
            blocks: &[$(Block::$block),+],
            lead: $lead,
            words: $words,
            example: $example,
            meaning: $meaning,
            page: $page,
        }),*];
    };
    (@ head) => { true };
    (@ clause) => { false };
}

phrases! {
    head plan_head [Plan] "plan", "plan \"TITLE\"", "plan \"Account Executive 2026\"", "opens a plan", "plan";
    clause currency [Plan] "currency", "currency CODE", "currency USD", "what it pays in", "plan";
    clause currency_each [Plan] "currency", "currency of each payee, in COLUMN", "currency of each payee, in pay_currency", "each payee is paid in the currency that a column of people says", "currency";
    clause effective [Plan Amend] "effective", "effective DATE through DATE", "effective 2026-01-01 through 2026-12-31", "first and last day, both included", "plan";
    clause period [Plan] "period", "period week|two weeks|month|quarter|half|year[, cut at month ends]", "period quarter", "how often it pays", "plan";
    clause payees [Plan] "payees", "payees CONDITION on deal.DATE | for the days in the role | on the last day of the period", "payees role is \"Account Executive\" for the days in the role", "whom it pays", "plan";
    clause quota_from [Plan] "quota", "quota from SOURCE, one per payee per PERIOD", "quota from quotas, one per payee per quarter", "defines the name `quota`", "quota";
    clause settled [Plan] "settled", "settled through DATE", "settled through 2027-06-30", "until when balances and parts of pay go on after the plan's last day", "plan";
    clause opening [Plan] "opening", "opening from SOURCE", "opening from balances", "balances from before the plan's first period", "plan";
    clause kept_by [Plan People Records Input Exchange Adjustments] "kept", "kept by \"DEPARTMENT\"", "kept by \"Sales Compensation\"", "who answers for it", "plan";
    clause paid [Plan] "paid", "paid NUMBER days after the PERIOD ends", "paid 20 days after the quarter ends", "the day of payment, which inputs must not miss", "plan";
    head use_head [Use] "use", "use \"FILE\"", "use \"company.terms\"", "takes in shared terms", "plan";
    head calendar_head [Calendar] "calendar", "calendar", "calendar", "opens the company's calendar", "plan";
    clause fiscal_name [Calendar] "fiscal", "fiscal year is named by the year it starts in", "fiscal year is named by the year it starts in", "otherwise it is named by the year it ends in", "plan";
    clause fiscal [Calendar] "fiscal", "fiscal year starts in MONTH", "fiscal year starts in February", "the first month of the fiscal year", "plan";
    clause week_years [Calendar] "years", "years of weeks, 4-4-5|4-5-4|5-4-4, ending on the last WEEKDAY of MONTH | ending on the WEEKDAY nearest DAY MONTH", "years of weeks, 4-4-5, ending on the last Saturday of January", "years of 52 or 53 whole weeks, in months of whole weeks", "plan";
    clause weeks_start [Calendar] "weeks", "weeks start on WEEKDAY", "weeks start on Monday", "the first day of a week", "plan";
    clause two_weeks [Calendar] "two", "two-week periods from DATE", "two-week periods from 2026-01-05", "the first day of any one of them", "plan";
    head unit_head [Unit] "unit", "unit NAME \"LABEL\", plural NAME", "unit seat \"Seat\", plural seats", "declares a unit", "plan";
    head people_head [People] "people", "people \"LABEL\"", "people \"People in sales\"", "what the columns of people mean", "records";
    head records_head [Records] "records", "records NAME \"LABEL\"", "records deals \"Closed deals\"", "what the columns of a source mean", "records";
    clause from_source [People Records Value] "from", "from SOURCE", "from crm_export", "the source's name in the manifest", "records";
    head credit_head [Credit] "credit", "credit NAME \"LABEL\"", "credit bookings \"Credited bookings\"", "who is credited with how much", "credit";
    clause from_as [Credit Adjustments] "from", "from SOURCE as WORD", "from deals as deal", "the records, and the word for one", "credit";
    clause dated_by [Credit Adjustments] "dated", "dated by WORD.COLUMN", "dated by deal.close_date", "the date that decides the period", "credit";
    clause known_on [Credit] "known", "known on WORD.COLUMN", "known on deal.entered_on", "the day on which a record came in", "corrections";
    clause corrections [Credit] "corrections", "corrections count in the open period | re-rate their own period[, for NUMBER closed periods, later ones count in the open period|are not paid]", "corrections count in the open period, for 2 closed periods, later ones are not paid", "what becomes of records that come in late", "corrections";
    clause periods_close [Credit] "periods", "periods close NUMBER days after they end", "periods close 5 days after they end", "until when a record of a period is not late", "corrections";
    clause to [Credit Adjustments] "to", "to WORD.COLUMN | everyone whose COLUMN is WORD.COLUMN on WORD.DATE", "to deal.owner", "who gets it where no split applies", "credit";
    clause if_several [Credit] "if", "if several match each gets all | they share equally | it is an error", "if several match they share equally", "what several persons get whose column says the same", "credit";
    clause if_nobody [Credit] "if", "if nobody matches it goes to WORD.COLUMN|the company | it is an error", "if nobody matches it goes to the company", "who gets what no person's column matches", "credit";
    clause credit_amount [Credit Adjustments Exception] "amount", "amount VALUE", "amount deal.amount", "how much, before any split", "credit";
    clause credit_cap [Credit] "cap", "cap AMOUNT each WORD | cap AMOUNT each share", "cap 150,000 USD each deal", "at most this is credited; a return gives back no more", "credit";
    clause split [Credit] "split", "split | split when CONDITION", "split when deal.partner_rep is present", "opens the table of shares", "credit";
    clause split_from [Credit] "split", "split from SOURCE as WORD[, by weight|, equally]", "split from deal_splits as s", "shares that stand in rows of another source", "credit";
    clause split_among [Credit] "split", "split equally among WORD.COLUMN", "split equally among deal.sellers", "a part as large for each person of a list", "credit";
    clause shares_total [Credit Rollup] "shares", "shares total 100% | shares total at most 100%, the rest to WORD.COLUMN|the company", "shares total 100%", "what the shares of a record add up to, and who has the rest", "credit";
    clause missing [Credit] "if", "if a person is missing the share goes to WORD.COLUMN | to nobody", "if a person is missing the share goes to deal.owner", "the share of an absent person", "credit";
    clause remainder [Credit Total] "remainder", "remainder to the largest share | to the first | by largest remainder", "remainder to the largest share", "who gets the spare units of rounded shares", "credit";
    head rollup_head [Rollup] "rollup", "rollup NAME \"LABEL\"", "rollup team_bookings \"Team bookings\"", "credits of a team for those it reports to", "rollup";
    clause roll_from [Rollup] "from", "from CREDIT", "from bookings", "the credits that go up", "rollup";
    clause roll_to [Rollup] "to", "to managers | COLUMN", "to managers", "the column of people that says to whom", "rollup";
    clause levels [Rollup] "levels", "levels NUMBER and|through NUMBER up, each credit|RECORD once per manager", "levels 1 and 2 up, each credit once per manager", "how far up, and what counts once", "rollup";
    clause roll_share [Rollup] "share", "share COLUMN|of the level less what is paid below", "share contract_level less what is paid below", "a level has its share only above what those below it have", "rollup";
    clause hierarchy [Rollup] "hierarchy", "hierarchy as of RECORD.COLUMN | the last day of the period", "hierarchy as of deal.close_date", "the day on which it is read who reports to whom", "rollup";
    head input_head [Input] "input", "input NAME \"LABEL\"", "input csat \"Customer satisfaction\"", "a number that a department delivers and signs", "input";
    clause input_type [Input Value] "type", "type Percent|Money|Number|Quantity in UNIT[ RANGE]", "type Percent from 0% through 100%", "the kind of number, and of an input its range", "input";
    clause input_for [Input] "for", "for the company|each person|each COLUMN, each PERIOD", "for the company, each quarter", "of whom, and how often", "input";
    clause due [Input] "due", "due NUMBER days after the PERIOD ends", "due 10 days after the quarter ends", "when it is delivered", "input";
    clause sign_off [Input] "sign", "sign-off \"ROLE\"", "sign-off \"Head of Customer Success\"", "who signs it", "input";
    clause if_missing [Input Value] "if", "if missing hold this payout | use VALUE", "if missing hold this payout", "what holds until it is there", "input";
    head quota_head [Quota] "quota", "quota NAME \"LABEL\"", "quota annual_quota \"Quota of the year\"", "a target for each payee and period", "quota";
    clause from_quota [Quota] "from", "from SOURCE, one per payee per PERIOD", "from quotas, one per payee per year", "where its values stand", "quota";
    clause converted_at [Quota] "converted", "converted at EXCHANGE on the first|last day of the period | on DATE", "converted at budget_rate on the first day of the period", "values in other currencies than the plan's", "currency";
    clause spread [Quota] "spread", "spread SHARE, SHARE over months|quarters|halves", "spread 20%, 20%, 20%, 40% over quarters", "the part of each shorter period", "quota";
    clause ramp [Quota] "ramp", "ramp PERCENT, PERCENT by month of employment | by started month of employment", "ramp 0%, 50%, 100% by month of employment", "less in the first months of a person", "quota";
    clause relief [Quota] "relief", "relief from SOURCE as WORD, on WORD.DATE through WORD.DATE[, by WORD.SHARE]", "relief from quota_relief as r, on r.from through r.through", "days of which the quota is taken away", "quota";
    clause prorated [Quota] "prorated", "prorated by calendar days|working days|whole months in the role[, holidays from SOURCE as WORD, on WORD.DATE][, less leave from SOURCE as WORD, on WORD.DATE through WORD.DATE] | never", "prorated by calendar days in the role", "the part of the period that a person is in the role", "quota";
    head measure_head [Measure] "measure", "measure NAME \"LABEL\"", "measure attainment \"Quota attainment\"", "a number for each person and period", "measure";
    clause value [Measure] "value", "value VALUE", "value total bookings / quota", "what it is", "measure";
    clause measure_rule [Measure] "if", "if VALUE|WINDOW is zero|missing|zero or missing pay nothing | hold this payout | NAME is VALUE", "if quota is zero pay nothing", "what holds where a divisor is zero or a value is missing", "measure";
    head tiers_head [Tiers] "tiers", "tiers NAME on VALUE", "tiers accelerator on attainment", "ranges and what each is worth", "tiers";
    head curve_head [Curve] "curve", "curve NAME \"LABEL\" on VALUE", "curve payout on attainment", "points, and a straight line between each two", "curve";
    clause curve_below [Curve] "below", "below pays nothing | stays at the first point | continues at AMOUNT per STEP", "below pays nothing", "what holds before the first point", "curve";
    clause curve_above [Curve] "above", "above stays at the last point | continues at AMOUNT per STEP | pays nothing", "above continues at 1.5 points per point", "what holds after the last point", "curve";
    head matrix_head [Matrix] "matrix", "matrix NAME \"LABEL\" on VALUE by VALUE", "matrix payout_factor on growth by margin", "a value for each pair of ranges", "matrix";
    head value_head [Value] "value", "value NAME \"LABEL\" by VALUE, VALUE", "value base_rate by role", "a value by person, product or anything else", "value";
    clause percent_of [Value] "percent", "percent of AMOUNT", "percent of deal.amount", "what a percentage in a row is of; an amount of money is itself", "value";
    clause first_match [Value] "first", "first match", "first match", "rows may overlap; the first that matches decides", "value";
    head rate_head [Rate] "rate", "rate NAME \"LABEL\" over time", "rate base_rate over time", "a value with a history", "rate";
    head exchange_head [Exchange] "exchange", "exchange NAME \"LABEL\"", "exchange month_end_rate \"Month-end rates\"", "rates of exchange, with an owner", "currency";
    clause from_rates [Exchange] "from", "from SOURCE, one per day|PERIOD", "from fx_rates, one per month", "where its rates stand, and how long one holds", "currency";
    clause both_ways [Exchange] "used", "used both ways", "used both ways", "1 divided by a rate converts back", "currency";
    clause no_rate [Exchange] "if", "if missing hold this payout | use the last rate before it", "if missing hold this payout", "what holds on a day without a rate", "currency";
    head scorecard_head [Scorecard] "scorecard", "scorecard NAME \"LABEL\"", "scorecard objectives \"Quarterly objectives\"", "objectives, each with a weight and a score", "scorecard";
    clause weights [Scorecard] "weights", "weights total 100%", "weights total 100%", "the weights make a whole", "scorecard";
    clause no_score [Scorecard] "if", "if an objective is missing hold this payout | counts VALUE | share its weight among the rest", "if an objective is missing hold this payout", "what holds without a score", "scorecard";
    head carry_head [Carry] "carry", "carry NAME \"LABEL\"", "carry unmatched_volume \"Unmatched volume\"", "what is left of one period and counts in the next", "carry";
    clause adds [Carry] "adds", "adds VALUE[, below 0 too]", "adds left_volume - matched", "what a period leaves for the next", "carry";
    clause into [Carry] "into", "into MEASURE of the next period", "into left_volume of the next period", "the measure that takes it in", "carry";
    clause expires [Carry] "expires", "expires at PERIOD end | after NUMBER periods | never", "expires at year end", "when what is left stops counting", "carry";
    head component_head [Component] "component", "component NAME \"LABEL\"", "component kicker \"Long terms\"", "money that is not paid by itself", "pay";
    head pay_head [Pay] "pay", "pay NAME \"LABEL\"", "pay commission \"Quarterly commission\"", "money for a person and a period", "pay";
    clause earned [Component Pay] "earned", "earned each PERIOD, paid each PERIOD | earned each PERIOD, paid when the PERIOD ends", "earned each quarter, paid each month", "of a longer length of time than the plan pays", "pay";
    clause for_each [Component Pay] "for", "for each WORD", "for each deal", "once for each record; the amounts are added", "pay";
    clause days_after [Clawback] "when", "when WORD.DATE is NUMBER through NUMBER days|months after WORD.DATE", "when deal.cancelled_date is 0 through 180 days after deal.close_date", "how long a record can fall", "clawback";
    clause when [Credit Component Pay Clawback Draw Exception] "when", "when CONDITION", "when deal.stage is \"Closed Won\"", "which records count; without it the amount is 0", "pay";
    clause amount [Component Pay] "amount", "amount VALUE | AMOUNT for each whole STEP of VALUE[ above START] | BASE at TIERS, each slice at its own rate | BASE at TIERS, everything at the rate reached | BASE at TIERS, placed by the running count of SOURCE|total of WORD.COLUMN[ of WORD.COLUMN][ WINDOW]", "amount total bookings at accelerator, each slice at its own rate", "the money", "pay";
    clause edge [Component Pay] "a", "a WORD across an edge is cut | takes the rate where it starts | takes the rate where it ends", "a deal across an edge is cut", "what a record earns that a running total carries across an edge", "pay";
    clause gate [Component Pay] "gate", "gate VALUE RANGE, otherwise pay nothing | pay SHARE of the amount so far | pay AMOUNT | hold this payout", "gate attainment 50% and above, otherwise pay nothing", "leaves the amount alone only in the range", "pay";
    clause times [Component Pay] "times", "times FACTOR[ when CONDITION]", "times 150% when attainment >= 110%", "multiplies the amount so far", "pay";
    clause floor [Component Pay] "floor", "floor AMOUNT each PERIOD|WORD[, when CONDITION]", "floor 1,000 USD each quarter", "at least this", "pay";
    clause cap [Component Pay] "cap", "cap AMOUNT each PERIOD|WORD, excess is lost|excess carries forward as money[, when CONDITION]", "cap 90,000 USD each quarter, excess is lost", "at most this", "pay";
    clause cap_of [Component Pay] "cap", "cap AMOUNT each WORD.COLUMN for life|each PERIOD[, of which AMOUNT was used before], excess is lost[, when CONDITION]", "cap 5,000 USD each deal.customer for life, excess is lost", "at most this from all records with one value of a column", "pay";
    clause increase [Component Pay] "pays", "pays the increase | pays the increase, never less than 0 [CODE]", "pays the increase", "what is new since the period before", "pay";
    clause round [Component Pay Pool Credit Budget] "round", "round the total|each WORD|each share|the amount to date to UNIT, MODE | round never", "round the total to 0.01, half up", "the only line that rounds", "pay";
    clause below [Component Pay Adjustments] "below", "below 0 [CODE] carries forward | is lost | is paid as it is", "below 0 USD carries forward", "what happens to an amount below zero", "pay";
    clause payable [Pay] "payable", "payable on WORD.COLUMN | NUMBER days|months after WORD.COLUMN | SHARE on WORD.COLUMN, … | SHARE in NUMBER equal monthly|quarterly|yearly parts from WORD.COLUMN", "payable 50% on deal.close_date, 50% on deal.paid_date", "when what a record earns is paid, all at once or in parts", "payable";
    clause round_parts [Pay] "round", "round each part to UNIT, MODE, remainder in the first|last part", "round each part to 0.01, down, remainder in the last part", "how a record's amount is cut into its parts", "payable";
    clause until [Pay] "until", "until WORD.COLUMN, what is withheld then is forfeited", "until policy.ended_date, what is withheld then is forfeited", "the last day on which a part becomes payable", "payable";
    clause leaving [Pay] "on", "on leaving what is withheld is paid when due | is forfeited", "on leaving what is withheld is paid when due", "what becomes of parts that are due after somebody has left", "payable";
    clause paid_in [Pay] "paid", "paid in CODE|COLUMN at EXCHANGE on the first|last day of the period | on DATE, round to UNIT|the smallest unit, MODE", "paid in pay_currency at month_end_rate on the last day of the period, round to 0.01, half up", "in which currency the payout is paid", "currency";
    clause round_value [Quota Measure Curve Scorecard Draw] "round", "round to UNIT, MODE", "round to 1 point, half up", "rounds the value before anything reads it", "measure";
    head budget_head [Budget] "budget", "budget NAME \"LABEL\"", "budget spiffs \"Budget for spiffs\"", "money for payouts of everybody", "budget";
    clause budget_of [Budget] "of", "of PAYOUT, …", "of spiff, kicker", "the payouts that it is for", "budget";
    clause limit [Budget] "limit", "limit AMOUNT each PERIOD, scaled down in proportion", "limit 100,000 USD each quarter, scaled down in proportion", "how much there is, and what happens where that is not enough", "budget";
    clause exempt [Budget] "exempt", "exempt CONDITION, and counted first | and not counted", "exempt role is \"Manager\", and counted first", "who is paid in full, and whether that is taken off the budget", "budget";
    clause budget_rest [Budget] "remainder", "remainder to the largest payout | to the first | by largest remainder | stays in the budget", "remainder stays in the budget", "who gets what rounding down leaves", "budget";
    head draw_head [Draw] "draw", "draw NAME \"LABEL\"", "draw ramp_draw \"Recoverable draw\"", "money paid on top, owed back or not", "draw";
    clause top_up [Draw] "top", "top up PAY to AMOUNT each PERIOD", "top up commission to 4,000 USD each month", "the least that is paid", "draw";
    clause advance [Draw] "advance", "advance AMOUNT on PAY each PERIOD", "advance 600 USD on commission each month", "paid on top, whatever is earned", "draw";
    clause first_time [Draw] "for", "for the first NUMBER full|started PERIODS of employment", "for the first 6 full months of employment", "how long after a person is hired", "draw";
    clause recover [Draw] "recover", "recover from PAY[ above AMOUNT], all of it|all of that excess|at most SHARE of it|at most SHARE of that excess, from the period after|from DATE|after the draw ends | never", "recover from commission above 4,000 USD, at most 50% of that excess, from the period after", "how it is paid back; `never` is a guarantee", "draw";
    clause balance [Draw] "balance", "balance without limit|at most AMOUNT, never forgiven|forgiven at PERIOD end|forgiven on DATE", "balance at most 10,000 USD, never forgiven", "how much can be owed, and until when", "draw";
    clause on_leaving [Draw] "on", "on leaving the balance is owed | is forgiven | is taken from the last pay", "on leaving the balance is owed", "what becomes of what is owed in the last period of a person", "draw";
    clause accept [Plan Amend Credit Budget Rollup Input Quota Measure Tiers Curve Matrix Value Rate Exchange Scorecard Carry Component Pay Clawback Draw Pool Exception Contest Ranking] "accept", "accept CODE because \"REASON\"", "accept T405 because \"meant so\"", "accepts a warning, with the reason", "README";
    clause cliffs [Component Pay] "cliffs", "cliffs accepted", "cliffs accepted because \"Board minute 2025-11-20\"", "accepts falls and jumps of pay (P101, P102)", "README";
    clause because [Component Pay Amend] "because", "because \"REASON\"", "because \"Board minute 2025-11-20\"", "the reason for `cliffs accepted`, on its own line, or for an amendment", "README";
    head clawback_head [Clawback] "clawback", "clawback NAME \"LABEL\"", "clawback cancellations \"Cancelled deals\"", "what was paid on a record that falls, taken back", "clawback";
    clause claw_of [Clawback] "of", "of PAYOUT", "of commission", "the payout that paid on the records", "clawback";
    clause take_back [Clawback] "take", "take back [PERCENT of ]what was earned and released on the WORD[, less PART for each whole|started month from WORD.DATE][, in NUMBER equal parts]", "take back 100% of what was earned and released on the deal", "how much of it", "clawback";
    clause attributed [Clawback] "attributed", "attributed in proportion | attributed in proportion to CREDIT", "attributed in proportion", "what an amount that is no sum of its records is of each of them", "clawback";
    clause in_period_of [Clawback] "in", "in the period of WORD.DATE", "in the period of deal.cancelled_date", "the day on which a record falls; absent is never", "clawback";
    clause round_taken [Clawback] "round", "round each take-back to UNIT, MODE", "round each take-back to 0.01, half up", "whole cents of each record", "clawback";
    clause keeps [Clawback] "attainment", "attainment keeps the WORD", "attainment keeps the deal", "whether what fell still counts in credits and measures", "clawback";
    head adjustments_head [Adjustments] "adjustments", "adjustments NAME \"LABEL\"", "adjustments manual \"Manual adjustments\"", "amounts that somebody adds by hand", "adjustments";
    clause reason_of [Adjustments] "because", "because WORD.COLUMN", "because adjustment.reason", "the column that says why", "adjustments";
    clause approved_of [Adjustments] "approved", "approved by WORD.COLUMN on WORD.COLUMN", "approved by adjustment.approved_by on adjustment.approved_on", "the columns that say who approved it, and when", "adjustments";
    head exception_head [Exception] "exception", "exception \"TITLE\"", "exception \"Globex renewal\"", "another value for some records, or for a person", "exception";
    clause whose_period [Exception] "for", "for PERSON in PERIOD", "for ana in 2026-Q2", "whose quota, of which period", "exception";
    clause instead [Exception] "instead", "instead of WORD.COLUMN | CREDIT | QUOTA", "instead of deal.amount", "the value that is replaced", "exception";
    clause approved [Exception Amend] "approved", "approved by \"WHO\" on DATE", "approved by \"VP Sales\" on 2026-02-11", "who answers for it, and since when", "exception";
    clause reason [Exception] "because", "because \"REASON\"", "because \"Renewal moved from the partner team\"", "why", "exception";
    head pool_head [Pool] "pool", "pool NAME \"LABEL\"", "pool west_pool \"Team pool\"", "money that several persons share", "pool";
    clause pool_for [Pool] "for", "for each COLUMN | for all payees", "for each team", "whose pool it is, where the size does not say it", "pool";
    clause size [Pool] "size", "size AMOUNT[, at least 0 CODE]", "size 2% of total bookings by team, at least 0 USD", "what is shared", "pool";
    clause members [Pool] "members", "members CONDITION", "members days_employed >= 45", "who has a share; without it all payees", "pool";
    clause share_by [Pool] "share", "share by VALUE[, equally|nobody if all are zero] | share equally", "share by total bookings, equally if all are zero", "what a member's share is in proportion to", "pool";
    clause pool_remainder [Pool] "remainder", "remainder to the largest share | to the first | by largest remainder | to the company", "remainder to the largest share", "who gets the spare units of rounded shares", "pool";
    head total_head [Total] "total", "total NAME \"LABEL\"", "total variable_pay \"Variable pay of all plans\"", "payouts of several plans under one cap", "total";
    clause total_of [Total] "of", "of PAY in \"PLAN\", PAY in \"PLAN\" | every payout", "of commission in \"Account Executive 2026\"", "the payouts that are added", "total";
    clause total_cap [Total] "cap", "cap AMOUNT each PERIOD, excess is lost", "cap 120,000 USD each year, excess is lost", "the most they pay together", "total";
    clause reduces [Total] "reduces", "reduces in proportion | the last first", "reduces in proportion", "which of them lose what is above the cap", "total";
    clause round_cuts [Total] "round", "round each cut to UNIT, down", "round each cut to 0.01, down", "what each of them loses, in whole units", "total";
    head contest_head [Contest] "contest", "contest NAME \"LABEL\"", "contest summer_spif \"Summer new-logo contest\"", "prizes for the first of several persons", "contest";
    head ranking_head [Ranking] "ranking", "ranking NAME \"LABEL\"", "ranking club_rank \"Place in the year\"", "the place of each of several persons", "contest";
    clause runs [Draw Contest Ranking] "runs", "runs DATE through DATE", "runs 2026-07-01 through 2026-08-31", "days of its own; without it, those of each period", "contest";
    clause compete_in [Contest Ranking] "for", "for each COLUMN[ as of the last day]", "for each region as of the last day", "one contest for each text of a column of people", "contest";
    clause rank_by [Contest Ranking] "rank", "rank by VALUE, highest first | lowest first", "rank by count new_logos, highest first", "what decides", "contest";
    clause then_by [Contest Ranking] "then", "then by VALUE, highest first | lowest first", "then by total bookings, highest first", "what decides among those who tie", "contest";
    clause competes [Contest Ranking] "needs", "needs CONDITION", "needs count new_logos >= 3", "who does not meet it is not ranked", "contest";
    clause ties [Contest] "ties", "ties share the prizes they span, rounded to UNIT, remainder to the earliest | to the first by id | each take the better prize | each take the lower prize", "ties share the prizes they span, rounded to 0.01, remainder to the earliest", "what those get who still tie", "contest";
    clause place_ties [Ranking] "ties", "ties take the better place | take the lower place | share the average place", "ties take the better place", "the place of those who still tie", "contest";
    clause not_ranked [Ranking] "if", "if not ranked pay nothing | NAME is NUMBER", "if not ranked pay nothing", "the value of who is not ranked", "contest";
    head prove_head [Prove] "prove", "prove", "prove", "opens claims about all inputs", "test";
    clause never_falls [Prove] "", "PAY|TABLE never falls when CREDIT|AXIS rises", "commission never falls when bookings rise", "more never pays less, or is worth less", "test";
    clause no_jumps [Prove] "", "PAY has no jumps", "commission has no jumps", "a cent more is never worth a step", "test";
    clause rises_at_most [Prove] "", "PAY rises by at most RATE of further CREDIT", "commission rises by at most 12% of further bookings", "what a further amount is worth at the most, and no jumps up", "test";
    clause is_at_most [Prove] "", "PAY is at most AMOUNT", "commission is at most 90,000 USD", "an upper end", "test";
    head test_head [Test] "test", "test \"TITLE\"", "test \"quota exactly met\"", "an example that must pay this", "test";
    clause given_rows [Test] "given", "given SOURCE", "given deals", "records of the test, in the table below", "test";
    clause given_balance [Test] "given", "given balance of DRAW|PAY is AMOUNT for PERSON", "given balance of ramp_draw is 1,000 USD for ana", "what is open before the plan's first period", "draw";
    clause given [Test] "given", "given NAME | total CREDIT is VALUE for PERSON in PERIOD", "given quota is 300,000 USD for ana in 2026-Q1", "a value that holds in the test", "test";
    clause given_input [Test] "given", "given INPUT is VALUE in PERIOD", "given csat is 87% in 2026-Q1", "an input of the company, signed", "test";
    clause expect [Test] "expect", "expect [balance of|withheld of|drawn by|guaranteed by|recovered by|forgiven of|taken back by ]NAME for PERSON in PERIOD is VALUE | held", "expect commission for ana in 2026-Q1 is 18,000.00 USD", "what must come out", "test";
    head amend_head [Amend] "amend", "amend \"PLAN\" as \"TITLE\"", "amend \"Account Executive 2026\" as \"Amendment 1\"", "opens a change of a plan, in a file of its own", "amend";
    clause applies [Amend] "applies", "applies to SOURCE dated by WORD.COLUMN in the effective dates", "applies to deals dated by deal.close_date in the effective dates", "which records the new text is about", "amend";
    head replace_head [Replace] "replace", "replace BLOCK NAME …", "replace tiers accelerator on attainment", "a block as it reads from the change date on", "amend";
    head change_head [Change] "on", "on the change date", "on the change date", "what becomes of all that runs through the day of the change", "amend";
    clause earlier [Change] "earlier", "earlier SOURCE take the level reached at the end of the period|on the change date", "earlier deals take the level reached at the end of the period", "the level of what was sold before the change", "amend";
    clause running [Change] "", "MEASURE|QUOTA|CREDIT|SOURCE|cap|floor|balance continues|starts fresh", "attainment continues", "whether it goes on or starts again at 0", "amend";
}

/// Keywords of more than one word, for the formatter: what follows stands in the column of values. Of every other
/// clause the first word is the keyword. Capitals stand for any one word.
const KEYWORDS: &[&str] = &[
    "accept CODE",
    "applies to",
    "approved by",
    "below 0 CODE",
    "cliffs accepted",
    "converted at",
    "dated by",
    "fiscal year is named by",
    "fiscal year starts in",
    "for each",
    "hierarchy as of",
    "if missing",
    "if nobody matches",
    "if not ranked",
    "if several match",
    "in the period of",
    "instead of",
    "kept by",
    "known on",
    "net pay",
    "on leaving",
    "paid in",
    "percent of",
    "prorated by",
    "rank by",
    "share by",
    "shares total",
    "take back",
    "then by",
    "top up",
    "two-week periods from",
    "weeks start on",
    "weights total",
];

/// Words that start clauses which read as a sentence: nothing in them stands in a column.
const SENTENCES: &[&str] = &["a", "earlier", "first", "pays", "periods", "split", "years"];

/// The keyword of a clause whose words are one blank apart.
pub(in crate::syntax) fn keyword(line: &str) -> &str {
    let first = line.split(' ').next().unwrap_or("");
    if SENTENCES.contains(&first) {
        return line;
    }
    let several = KEYWORDS.iter().find_map(|keyword| starts(line, keyword));
    let asked = || {
        // `if quota is zero`, which a text in quotes may not pretend.
        let plain = line.split('"').next().filter(|_| first == "if")?;
        let asks = ["zero or missing", "missing", "zero"];
        asks.iter().find_map(|what| {
            let at = plain.find(&format!(" is {what} "))?;
            line.get(..at + " is ".len() + what.len())
        })
    };
    several.or_else(asked).unwrap_or(first)
}

/// The start of a line that is this pattern, word by word.
fn starts<'t>(line: &'t str, pattern: &str) -> Option<&'t str> {
    let mut words = line.split(' ');
    let mut length = 0;
    for wanted in pattern.split(' ') {
        let word = words.next()?;
        let any = wanted.starts_with(|c: char| c.is_ascii_uppercase());
        if !any && word != wanted {
            return None;
        }
        length += word.len() + usize::from(length > 0);
    }
    line.get(..length)
}

/// The phrases that a line of this block starting with this word could be.
pub(in crate::syntax) fn clauses(
    block: Block,
    word: &str,
) -> impl Iterator<Item = &'static Phrase> {
    PHRASES.iter().filter(move |phrase| {
        !phrase.head
            && phrase.blocks.contains(&block)
            && (phrase.lead.is_empty() || phrase.lead == word)
    })
}

/// The phrase that opens a block.
pub(in crate::syntax) fn head(block: Block) -> Option<&'static Phrase> {
    PHRASES
        .iter()
        .find(|phrase| phrase.head && phrase.blocks == [block])
}

/// Whether a clause of this block starts with this word.
pub(in crate::syntax) fn starts_clause(block: Block, word: &str) -> bool {
    PHRASES
        .iter()
        .any(|phrase| !phrase.head && phrase.lead == word && phrase.blocks.contains(&block))
}

/// The words that clauses of a block start with.
pub(in crate::syntax) fn leads(block: Block) -> impl Iterator<Item = &'static str> {
    PHRASES
        .iter()
        .filter(move |phrase| {
            !phrase.head && phrase.blocks.contains(&block) && !phrase.lead.is_empty()
        })
        .map(|phrase| phrase.lead)
}

/// The blocks that have a clause which starts with this word.
pub(in crate::syntax) fn blocks_with(word: &str) -> Vec<Block> {
    Block::ALL
        .into_iter()
        .filter(|block| starts_clause(*block, word))
        .collect()
}

/// The page of all phrases, as Markdown.
pub fn page() -> String {
    let mut page = String::from(
        "# Phrases\n\nEvery head and clause of the language, by block. Capitals stand for what you write; `|` parts \
         choices, `[…]` may be left out.\nThis page is made from `src/syntax/phrases.rs`.\n",
    );
    for block in Block::ALL {
        page.push_str(&format!(
            "\n## `{}`\n\n| phrase | example | what it says |\n|---|---|---|\n",
            block.word()
        ));
        for phrase in PHRASES
            .iter()
            .filter(|phrase| phrase.blocks.contains(&block))
        {
            let words = phrase.words.replace('|', "\\|");
            page.push_str(&format!(
                "| `{words}` | `{}` | {} ([{}]({}.md)) |\n",
                phrase.example, phrase.meaning, phrase.page, phrase.page
            ));
        }
    }
    page
}
