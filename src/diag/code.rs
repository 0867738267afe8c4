//! Every code once, with its level and title. A code's page is `docs/errors/CODE.md` and its running
//! example `plans/errors/CODE-…`.

use crate::diag::Severity;

macro_rules! codes {
    ($($code:ident $level:ident $title:literal;)*) => {
        /// A kind of problem. Stable: a code is never given a second meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $title] $code,)* }

        impl Code {
            /// Every code, in the order of the reference.
            pub const ALL: &[Code] = &[$(Code::$code,)*];

            /// `T402`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$code => stringify!($code),)* }
            }

            /// How much this kind of problem weighs.
            pub fn severity(self) -> Severity {
                match self { $(Code::$code => Severity::$level,)* }
            }

            /// What the kind is about, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$code => $title,)* }
            }
        }
    };
}

/// Hands all codes, each with its level and title, to a macro: [`Code`] is made here of them, the pages in
/// `report::code_pages`.
macro_rules! each_code {
    ($make:ident) => {
        $make! {
            // S: the text of a line
            S001 Error "unknown line or block word";
            S002 Error "clause in the wrong block";
            S003 Error "a range that does not say who owns its boundary";
            S004 Error "a date or an amount that can be read in two ways";
            S005 Note "two lines whose order changes what is paid";
            S006 Error "a line that stops making sense at a word";
            S007 Error "a clause that is missing or stands twice";
            S008 Error "a table that does not hold together";
            S009 Error "a text too large or too deep";
            S010 Note "a text with odd characters, read as plain ones";
            S012 Error "parts that do not make the whole, or lines about parts where there are none";
            // N: names
            N101 Error "unknown name";
            N102 Error "names that need each other in a circle";
            N103 Warning "a name that is defined and never used";
            N104 Warning "an input that a department must deliver and nothing reads";
            N105 Error "one name defined twice";
            // U: units and kinds of value
            U201 Error "currencies mixed without a rate and a date";
            U202 Error "a percent added where points or times is meant";
            U203 Error "kinds of value that do not go together";
            U204 Error "a value the column cannot have";
            U205 Error "rates of exchange that cannot convert what is asked";
            U206 Error "a payout rounded to less than its currency's smallest unit";
            U207 Error "one currency named where each payee has their own";
            // G: grain
            G301 Error "one amount per deal where one per person and period is meant, or the reverse";
            G302 Error "slices along something the amount does not move";
            G303 Error "an amount to date without `pays the increase`, or the reverse";
            // T: tables
            T401 Error "a gap in a table";
            T402 Error "two rows that claim the same point";
            T403 Error "a row that can never match";
            T404 Warning "rows out of order, or neighbours that pay the same";
            T405 Warning "a row that looks mistyped";
            T406 Error "a matrix with an empty cell";
            T407 Error "weights that do not add to 100%";
            // C: credit
            C501 Error "split shares that do not add to 100%";
            C502 Warning "a person who has more of a record than there is, in credits that the plan adds";
            C503 Error "a roll-up or a group that does not say on which day it reads who is in it";
            C504 Warning "a credit or an exception that no record meets";
            C505 Error "an exception that replaces nothing, or what another replaces";
            C506 Error "a share of a level that is larger than what is shared";
            C507 Error "a credit by a column of people that leaves something open";
            C508 Error "a pool that leaves open whose it is, or who has it where all weights are zero";
            C509 Error "a pool whose size can be below 0";
            C510 Error "a contest with days of its own that reads something of a period";
            C511 Error "a prize for several places that does not say `each`";
            C512 Error "a remainder to the earliest, and no records to be early by";
            C513 Error "a cap by a column that nothing, or everything anew, would count against";
            C515 Error "a take-back that leaves open what is taken back";
            C516 Error "a take-back of something that belongs to no record";
            C517 Error "an amount that has no part for each record, payable by the dates of records";
            // D: dates
            D601 Error "a hole or an overlap in dated values";
            D602 Error "a date or period outside the plan";
            D603 Error "an amendment that leaves a running quantity undecided";
            D604 Warning "an amendment of periods that had ended when it was approved";
            D605 Error "a week that can lie in two months";
            D606 Error "a calendar that leaves weeks open, or contradicts itself";
            D607 Error "a change inside a period of what holds for all of it";
            D608 Error "late records, and nothing says where they count";
            D609 Error "something that a late record cannot be part of";
            D611 Error "what is payable later, without what becomes of it";
            // I: inputs of departments
            I701 Error "an input that leaves something unsaid";
            I702 Warning "an input that is due after the payout";
            I703 Error "an input outside its range";
            I704 Error "an input that is not delivered or not signed";
            // Q: quota
            Q801 Error "a quota is missing for a payee";
            Q802 Error "a division by something that can be zero, with no rule";
            Q803 Warning "a person whom no plan or more than one plan pays";
            Q804 Error "a gate that holds a payout";
            Q805 Error "shares of a quota that do not make it whole";
            Q806 Error "lines of a quota in another order than they act";
            Q807 Error "something that cannot be carried over";
            Q808 Error "a total across plans that leaves open what is paid";
            // R: rounding
            R901 Error "a payout without `round`, or rounded shares without `remainder`";
            R902 Note "each record rounded to more than the smallest coin";
            R903 Warning "a cap or prize that the rounding unit does not divide";
            R904 Error "an amount that nothing rounds, and it is not whole cents";
            R905 Error "a payout that can be negative, with no `below 0`";
            // P: the shape of pay
            P101 Warning "selling more can pay less";
            P102 Warning "pay jumps";
            P103 Warning "a cap below target pay, or one that is never reached";
            P104 Warning "a stretch where more sales pay nothing";
            P105 Note "pay without an upper end";
            P106 Warning "a stretch on which more is paid than is sold";
            P107 Error "a `prove` line that does not hold";
            P108 Warning "a `prove` line that could not be decided";
            // A: balances and gates
            A202 Warning "a take-back that can come when the plan is settled no more";
            A203 Warning "a gate that always passes or never does";
            A204 Error "an adjustment that nobody has approved";
            A205 Warning "a take-back of records of which parts are still paid";
            // X: tests in plans
            X301 Note "a point where pay changes its course, and no test";
            X302 Error "a test about a name the plan does not use";
            X303 Error "a test that does not pay what it expects";
            // M: the manifest
            M001 Error "paycurve.yaml cannot be read";
            M002 Error "a source that is not bound to a file";
            M003 Error "a file named in paycurve.yaml that is not there";
            M004 Error "a key of paycurve.yaml that is unknown or stands twice";
            M005 Error "a value of paycurve.yaml that cannot be";
            // F: data files
            F001 Error "a value that does not fit its column";
            F002 Error "a column that is missing";
            F003 Error "a row that is not whole";
            F004 Error "a person whom the people file does not know";
            F005 Error "facts about one person that overlap";
            F006 Error "money in another currency than the plan's";
            F007 Error "a record id that stands twice";
            F008 Error "a file that cannot be read as what it is said to be";
            F009 Error "two quotas or inputs for one person and period";
            F010 Error "a number too large to calculate with";
            F011 Error "a fact that changes inside the period, read without saying when";
            F012 Error "a value that the plan needs and the row does not have";
            F013 Error "a quota below zero";
            F014 Error "a period that the source cannot have";
            F015 Error "a file whose values are parted otherwise than said";
            F016 Error "money that a file keeps as binary fractions";
            F017 Error "two columns of one name";
            F018 Error "a row that ends before it starts";
            F019 Note "rows dated outside every plan that credits them";
            F020 Error "shares of a record that do not make a whole";
            F021 Error "a share of a record that is not there";
            F022 Error "a relief of less than nothing, or of more than all";
            F024 Error "people who report to each other in a circle";
            F030 Error "two exceptions that give one value differently";
            F031 Error "an adjustment that is not whole cents";
            F032 Error "an adjustment for a period to which its person does not belong";
            F033 Error "no rate of exchange for two currencies on a day";
            F034 Error "a row of rates of exchange that is no rate";
            F035 Error "a person who cannot be paid in their currency";
            F037 Error "a share of a person that is below zero, or more than what is shared";
            F038 Error "a list that names somebody twice";
            F039 Error "nobody, or more than one, whose column matches a record";
            F044 Error "a share that is in proportion to something below zero";
            F046 Error "a record that came in too late to be paid";
            F048 Error "a balance that cannot be brought in";
        }
    };
}
pub(crate) use each_code;

each_code!(codes);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
