#include "datasets/policy_pack.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "datasets/json_schema.hpp"
#include "datasets/privacy_list.hpp"
#include "datasets/strict_json.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {

extern const char* const kPackSchemaJson;

namespace {

namespace policy = engine::policy;

constexpr int kPackDepth = 40;  // conditions nest

// The words of an enum are its enumerators, in their order.
constexpr std::array kSectorWords{"any", "public_school", "private_school"};
constexpr std::array kWindowWords{"information",    "registration",      "private_choice", "public_return",
                                  "on_site_review", "seat_confirmation", "payment",        "late_registration",
                                  "reporting",      "class_forming",     "teacher_draw"};
constexpr std::array kContentWords{
    "policy",        "plan",         "zones",   "conditions",    "procedure",      "method",
    "materials",     "schedule",     "results", "results_query", "school_profile", "private_brochure",
    "consult_phone", "report_phone", "mailbox", "seat_warning",  "zone_change"};
constexpr std::array kEvidenceWords{"family", "shared", "either"};
constexpr std::array kBanWords{"never", "before_term"};
constexpr std::array kRouteWords{"zone",         "feeder",        "remaining_seats", "bureau",
                                 "named_school", "school_choice", "direct_promotion"};
constexpr std::array kReviewWords{"none", "online", "on_site"};
constexpr std::array kRefusalWords{"not_here", "not_eligible", "needs_review"};
constexpr std::array kOrderWords{"ticket",       "walk_distance_m", "hukou_since",     "property_since",
                                 "permit_since", "points",          "registered_first"};
constexpr std::array kFillingWords{"admit_all", "register_directly", "tiers", "points", "draw", "parents_wish"};
constexpr std::array kRangeWords{"approving_district", "hukou_or_permit_district", "city", "own_primary"};
constexpr std::array kSuiteWords{"sha256", "sm3"};
constexpr std::array kConfirmWords{"clock", "payment", "on_site"};
constexpr std::array kPlacementWords{"regular_class", "special_school", "home_teaching", "deferral"};
constexpr std::array kDataEntryWords{"family", "primary_school", "receiving_school", "district"};
constexpr std::array kLateWords{"offline_registration", "approval", "on_site"};

// Reads JSON that the schema has accepted. Each object counts the members it takes: one that the schema knows and the
// reader does not is a bug, and says so.
class PackReader {
 public:
  template <class T>
  static void read(const JsonNode& node, T& out) {
    PackReader reader(node);
    reader.fields(out);
    std::size_t members = node.json.size();
    if (node.has("$schema")) --members;
    if (reader.taken_ != members) throw std::logic_error("a member of " + node.pointer + " is not read");
  }

 private:
  explicit PackReader(const JsonNode& node) : node_(node) {}

  static void read(const JsonNode& node, std::string& out) { out = node.json.get<std::string>(); }
  static void read(const JsonNode& node, bool& out) { out = node.json.get<bool>(); }
  static void read(const JsonNode& node, int& out) { out = node.json.get<int>(); }
  static void read(const JsonNode& node, double& out) { out = node.json.get<double>(); }
  static void read(const JsonNode& node, policy::Day& out) { out = *policy::find_day(node.text()); }
  static void read(const JsonNode& node, policy::Moment& out) { out = *policy::find_moment(node.text()); }
  static void read(const JsonNode& node, engine::Stage& out) { out = *engine::find_stage(node.text()); }
  static void read(const JsonNode& node, policy::Condition& out) { out.logic = node.json.dump(); }
  static void read(const JsonNode& node, policy::Sector& out) { read_word(node, kSectorWords, out); }
  static void read(const JsonNode& node, policy::WindowKind& out) { read_word(node, kWindowWords, out); }
  static void read(const JsonNode& node, policy::Content& out) { read_word(node, kContentWords, out); }
  static void read(const JsonNode& node, policy::EvidenceSource& out) { read_word(node, kEvidenceWords, out); }
  static void read(const JsonNode& node, policy::Ban& out) { read_word(node, kBanWords, out); }
  static void read(const JsonNode& node, policy::Route& out) { read_word(node, kRouteWords, out); }
  static void read(const JsonNode& node, policy::Review& out) { read_word(node, kReviewWords, out); }
  static void read(const JsonNode& node, policy::Refusal& out) { read_word(node, kRefusalWords, out); }
  static void read(const JsonNode& node, policy::OrderKey& out) { read_word(node, kOrderWords, out); }
  static void read(const JsonNode& node, policy::Filling& out) { read_word(node, kFillingWords, out); }
  static void read(const JsonNode& node, policy::Range& out) { read_word(node, kRangeWords, out); }
  static void read(const JsonNode& node, policy::HashSuite& out) { read_word(node, kSuiteWords, out); }
  static void read(const JsonNode& node, policy::ConfirmBy& out) { read_word(node, kConfirmWords, out); }
  static void read(const JsonNode& node, policy::PlacementKind& out) { read_word(node, kPlacementWords, out); }
  static void read(const JsonNode& node, policy::DataEntry& out) { read_word(node, kDataEntryWords, out); }
  static void read(const JsonNode& node, policy::LatePath& out) { read_word(node, kLateWords, out); }

  template <class Words, class Enum>
  static void read_word(const JsonNode& node, const Words& words, Enum& out) {
    const auto at = std::ranges::find(words, node.text());
    if (at == words.end()) throw std::logic_error("a word of " + node.pointer + " is not read");
    out = static_cast<Enum>(at - words.begin());
  }

  template <class T>
  static void read(const JsonNode& node, std::optional<T>& out) {
    read(node, out.emplace());
  }

  template <class T>
  static void read(const JsonNode& node, std::vector<T>& out) {
    for (std::size_t i = 0; i < node.json.size(); ++i) read(node.at(i), out.emplace_back());
  }

  template <class T>
  PackReader& take(const char* key, T& out) {
    if (!node_.has(key)) return *this;
    read(node_.at(key), out);
    ++taken_;
    return *this;
  }

  static int minute_of(const JsonNode& node) { return *policy::find_minute(node.text()); }

  PackReader& entry(policy::Entry& e) {
    return take("id", e.id).take("title", e.title).take("en", e.en).take("note", e.note).take("clause", e.clause);
  }
  PackReader& span(policy::Span& s) {
    return take("opens", s.opens)
        .take("closes", s.closes)
        .take("opens_inclusive", s.opens_inclusive)
        .take("closes_inclusive", s.closes_inclusive);
  }

  void fields(policy::Entry& e) { entry(e); }
  void fields(policy::Clause& c) {
    take("id", c.id).take("section", c.section).take("title", c.title).take("serves", c.serves);
  }
  void fields(policy::Document& d) {
    take("id", d.id).take("title", d.title).take("issuer", d.issuer).take("number", d.number);
    take("issued", d.issued).take("clauses", d.clauses);
  }
  void fields(policy::District& d) { take("id", d.id).take("name", d.name).take("en", d.en); }

  void fields(policy::Holidays::Break& b) { take("name", b.name).take("from", b.from).take("to", b.to); }
  void fields(policy::Holidays& h) {
    take("source", h.source).take("from", h.from).take("to", h.to).take("off", h.off).take("working", h.working);
  }
  void fields(policy::DailyHours& d) {
    d.from = minute_of(node_.at("from"));
    d.to = minute_of(node_.at("to"));
    taken_ += 2;
  }
  void fields(policy::Batch& b) { take("districts", b.districts).span(b.span); }
  void fields(policy::Window& w) {
    entry(w).span(w.span);
    take("kind", w.kind).take("sector", w.sector).take("stages", w.stages).take("channels", w.channels);
    take("categories", w.categories).take("daily", w.daily).take("batched", w.batched).take("batches", w.batches);
  }
  void fields(policy::Deadline& d) {
    entry(d).take("who", d.who).take("by", d.by).take("by_inclusive", d.by_inclusive);
    take("working_days", d.working_days).take("after", d.after);
  }
  void fields(policy::Publication& p) {
    entry(p).take("contents", p.contents).take("who", p.who).take("by", p.by).take("on", p.on);
    take("per_school", p.per_school).take("together", p.together);
  }
  void fields(policy::Calendar& c) {
    take("holidays", c.holidays).take("windows", c.windows).take("deadlines", c.deadlines);
    take("publications", c.publications);
  }

  void fields(policy::Level& l) {
    entry(l).take("stage", l.stage).take("entry_grade", l.entry_grade).take("graduates_of", l.graduates_of);
  }
  void fields(policy::AgeRule& a) {
    entry(a).take("stage", a.stage).take("districts", a.districts).take("years", a.years).take("cutoff", a.cutoff);
    take("cutoff_inclusive", a.cutoff_inclusive).take("delegated_to", a.delegated_to);
    take("relaxed_when", a.relaxed_when);
  }
  void fields(policy::Deferral& d) {
    entry(d).take("decided_by", d.decided_by).take("grounds", d.grounds);
    take("reapply_each_year", d.reapply_each_year);
  }
  void fields(policy::Evidence& e) { entry(e).take("source", e.source); }
  void fields(policy::Forbidden& f) { entry(f).take("ban", f.ban); }
  void fields(policy::Category& c) {
    entry(c).take("stages", c.stages).take("sector", c.sector).take("when", c.when).take("route", c.route);
    take("school", c.school).take("tier", c.tier).take("points", c.points).take("review", c.review);
    take("review_by", c.review_by).take("delegated", c.delegated).take("evidence", c.evidence);
  }
  void fields(policy::Bar& b) {
    entry(b).take("stages", b.stages).take("sector", b.sector).take("when", b.when).take("refusal", b.refusal);
  }
  void fields(policy::TieBreak& t) { take("by", t.by).take("descending", t.descending); }
  void fields(policy::Tier& t) {
    entry(t).take("stages", t.stages).take("sector", t.sector).take("rank", t.rank).take("tie_breaks", t.tie_breaks);
  }
  void fields(policy::PointsItem& p) { entry(p).take("fact", p.fact).take("per", p.per).take("cap", p.cap); }
  void fields(policy::PointsTable& p) {
    entry(p).take("items", p.items).take("cap", p.cap).take("cutoff", p.cutoff).take("delegated_to", p.delegated_to);
  }
  void fields(policy::FillingRule& f) {
    entry(f).take("stages", f.stages).take("sector", f.sector).take("within_plan", f.within_plan);
    take("over_plan", f.over_plan).take("rest", f.rest);
  }
  void fields(policy::SeatPlan& s) {
    entry(s).take("basis", s.basis).take("approved_by", s.approved_by).take("filed_with", s.filed_with);
    take("may_exceed", s.may_exceed);
  }
  void fields(policy::ClassCap& c) {
    entry(c).take("stage", c.stage).take("cap", c.cap).take("approval", c.approval);
    take("no_new_large_class", c.no_new_large_class).take("no_super_large_class", c.no_super_large_class);
  }
  void fields(policy::Overflow& o) {
    entry(o).take("to", o.to).take("decided_by", o.decided_by).take("nearest_first", o.nearest_first);
    take("siblings_together", o.siblings_together);
  }
  void fields(policy::DwellingLock& d) {
    entry(d).take("stages", d.stages).take("years", d.years).take("siblings_exempt", d.siblings_exempt);
  }
  void fields(policy::Lock& l) { entry(l).take("when", l.when); }
  void fields(policy::Feeder::From& f) {
    take("school", f.school).take("campus", f.campus).take("part", f.part).take("when", f.when);
  }
  void fields(policy::Feeder& f) {
    entry(f).take("school", f.school).take("from", f.from).take("categories", f.categories).take("anyone", f.anyone);
  }

  void fields(policy::PrivateRange& r) {
    entry(r).take("stages", r.stages).take("ranges", r.ranges).take("local_first", r.local_first);
    take("widened_by", r.widened_by).take("widened_when", r.widened_when);
  }
  void fields(policy::FeeLimit& f) { entry(f).take("yuan_per_term", f.yuan_per_term).take("when", f.when); }
  void fields(policy::DirectPromotion& d) {
    entry(d).take("reviewed_by", d.reviewed_by).take("filed_with", d.filed_with).take("lists_by", d.lists_by);
    take("approved_by", d.approved_by).take("requires_evidence", d.requires_evidence);
    take("if_seats_left", d.if_seats_left).take("if_short", d.if_short);
  }
  void fields(policy::EstateQuota& e) {
    entry(e).take("lists_by", e.lists_by).take("reviewed_by", e.reviewed_by).take("splits_plan", e.splits_plan);
    take("leftovers_to", e.leftovers_to);
  }
  void fields(policy::Choice& c) { entry(c).take("schools", c.schools).take("excludes_public", c.excludes_public); }
  void fields(policy::PrivateSchools& p) {
    take("rules", p.rules).take("choices", p.choices).take("ranges", p.ranges).take("fee_limits", p.fee_limits);
    take("direct_promotion", p.direct_promotion).take("estate_quotas", p.estate_quotas);
  }
  void fields(policy::Draw& d) {
    entry(d).take("stages", d.stages).take("sector", d.sector).take("on", d.on).take("held_by", d.held_by);
    take("suite", d.suite).take("within_working_days", d.within_working_days).take("recorded", d.recorded);
    take("notary", d.notary).take("witnesses", d.witnesses);
  }
  void fields(policy::Confirmation& c) {
    entry(c).take("stages", c.stages).take("sector", c.sector).take("method", c.method).take("window", c.window);
    take("proof", c.proof).take("forfeited_to", c.forfeited_to);
  }
  void fields(policy::SpecialGroup& s) {
    entry(s).take("basis", s.basis).take("scope", s.scope).take("requirement", s.requirement);
    take("procedure", s.procedure).take("placed_by", s.placed_by);
  }
  void fields(policy::Placement& p) {
    entry(p).take("kind", p.kind).take("when", p.when).take("record_kept_by", p.record_kept_by);
    take("disputes_to", p.disputes_to);
  }
  void fields(policy::RecommendedQuota::Share& s) { take("districts", s.districts).take("classes", s.classes); }
  void fields(policy::RecommendedQuota& q) {
    entry(q).take("school", q.school).take("classes", q.classes).take("shares", q.shares);
    take("ratio_schools", q.ratio_schools).take("ratio_seats", q.ratio_seats);
    take("disclosures", q.disclosures).take("approvals", q.approvals);
  }
  void fields(policy::Ledger& l) {
    entry(l).take("kept_by", l.kept_by).take("columns", l.columns).take("shared_with", l.shared_with);
    take("roster_checks", l.roster_checks).take("roster_comparisons", l.roster_comparisons);
  }
  void fields(policy::Flag& f) { entry(f).take("when", f.when).take("effect", f.effect); }

  void fields(policy::Channel& c) {
    entry(c).take("kind", c.kind).take("url", c.url).take("entered_by", c.entered_by);
    take("open_after", c.open_after).take("success_excludes_others", c.success_excludes_others);
  }
  void fields(policy::Form& f) {
    take("allowed", f.allowed).take("forbidden", f.forbidden).take("rules", f.rules);
    take("collect_once", f.collect_once);
  }
  void fields(policy::Late& l) {
    entry(l).take("path", l.path).take("approved_by", l.approved_by);
    take("offline_admission_forbidden", l.offline_admission_forbidden);
  }
  void fields(policy::AdmissionNotice& n) {
    entry(n).take("by", n.by).take("report_code", n.report_code).take("forms", n.forms);
  }
  void fields(policy::ClassRules& c) {
    entry(c).take("random_pupils", c.random_pupils).take("random_head_teachers", c.random_head_teachers);
    take("no_key_classes", c.no_key_classes).take("notices", c.notices);
  }
  void fields(policy::ZoneRules& z) {
    entry(z).take("every_public_school", z.every_public_school).take("factors", z.factors);
    take("change_steps", z.change_steps).take("consent_of", z.consent_of);
  }
  void fields(policy::Duty& d) { entry(d).take("who", d.who).take("record", d.record).take("by", d.by); }
  void fields(policy::Check& c) { entry(c).take("audit", c.audit); }
  void fields(policy::Checklist& c) { entry(c).take("checks", c.checks); }
  void fields(policy::Phone& p) {
    take("unit", p.unit).take("consult", p.consult).take("report", p.report).take("mailbox", p.mailbox);
    take("clause", p.clause);
  }

  void fields(policy::PolicyPack& p) {
    take("id", p.id).take("name", p.name).take("en", p.en).take("school_year", p.school_year);
    take("documents", p.documents).take("districts", p.districts).take("calendar", p.calendar);
    take("levels", p.levels).take("age_rules", p.age_rules).take("deferrals", p.deferrals);
    take("evidence", p.evidence).take("evidence_forbidden", p.evidence_forbidden).take("categories", p.categories);
    take("bars", p.bars).take("tiers", p.tiers).take("points_tables", p.points_tables).take("filling", p.filling);
    take("seat_plans", p.seat_plans).take("class_caps", p.class_caps).take("overflow", p.overflow);
    take("dwelling_locks", p.dwelling_locks).take("locks", p.locks).take("feeders", p.feeders);
    take("private_schools", p.private_schools).take("draws", p.draws).take("confirmations", p.confirmations);
    take("special_groups", p.special_groups).take("placements", p.placements);
    take("recommended_quotas", p.recommended_quotas).take("ledgers", p.ledgers).take("flags", p.flags);
    take("channels", p.channels).take("form", p.form).take("late", p.late).take("notices", p.notices);
    take("class_rules", p.class_rules).take("zone_rules", p.zone_rules).take("duties", p.duties);
    take("bans", p.bans).take("checklists", p.checklists).take("phones", p.phones);
  }

  const JsonNode& node_;
  std::size_t taken_ = 0;
};

void collect_citations(const JsonNode& node, std::vector<policy::Citation>& out) {
  if (node.json.is_object()) {
    if (node.has("clause")) {
      out.push_back({node.pointer, node.json.value("id", std::string()), node.at("clause").text()});
    }
    for (const auto& [key, value] : node.json.items()) collect_citations(node.at(key), out);
  }
  for (std::size_t i = 0; node.json.is_array() && i < node.json.size(); ++i) collect_citations(node.at(i), out);
}

// A pack cannot ask for what may not be asked; that a field is not on the privacy list is the linter's to say.
void refuse_forbidden_fields(const policy::PolicyPack& pack, const std::string& name) {
  for (const PackFieldFault& found : pack_field_faults(pack, privacy_list())) {
    if (found.fault.kind == policy::FieldFaultKind::unlisted) continue;
    throw InputError("pack_privacy", name + "#" + found.pointer,
                     found.fault.asked + " is " + std::string(to_text(found.fault.kind)) + ": " + found.fault.reason);
  }
}

}  // namespace

policy::PolicyPack parse_policy_pack(std::string_view json, const std::string& name) {
  const StrictJson file{name, "pack", kPackDepth};
  const nlohmann::ordered_json parsed = parse_strict_json(json, file);
  const JsonNode root{parsed, "", file};
  static const JsonSchema schema(kPackSchemaJson);
  schema.check(root);
  policy::PolicyPack pack;
  PackReader::read(root, pack);
  collect_citations(root, pack.citations);
  refuse_forbidden_fields(pack, name);
  return pack;
}

policy::PolicyPack load_policy_pack(const std::filesystem::path& file) {
  return parse_policy_pack(read_json_file({file.string(), "pack"}), file.string());
}

}  // namespace catchment::datasets
