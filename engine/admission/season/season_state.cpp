#include "engine/admission/season/season_state.hpp"

#include <algorithm>

#include "engine/policy/moment.hpp"

namespace catchment::engine::admission {
namespace {

// Lines of fields.
class StateText {
 public:
  explicit StateText(const RunInput& in) : in_(in) {}

  StateText& line(std::string_view kind) {
    if (!text_.empty()) text_ += '\n';
    text_ += kind;
    return *this;
  }
  StateText& word(std::string_view field) {
    text_ += '\t';
    text_ += field.empty() ? "-" : field;
    return *this;
  }
  StateText& number(std::int64_t field) { return word(std::to_string(field)); }
  StateText& id(std::uint32_t field) { return field == kNobody ? word("") : number(field); }
  StateText& time(std::chrono::local_seconds at) { return word(policy::to_text(at)); }
  StateText& child(std::uint32_t child) { return child == kNobody ? word("") : word(view(in_.children[child].code)); }
  StateText& school(std::uint32_t school) { return school == kNobody ? word("") : word(in_.schools[school].id); }
  StateText& digest(std::string_view bytes) { return word(bytes.empty() ? "" : to_hex(hash(Suite::sha256, bytes))); }
  StateText& places(std::span<const DrawnPlace> line) {
    text_ += '\t';
    for (const DrawnPlace& place : line)
      text_.append(place.first ? "*" : "").append(view(in_.children[place.child].code)).append(" ");
    return *this;
  }
  std::string finish() && { return std::move(text_ += '\n'); }

 private:
  const RunInput& in_;
  std::string text_;
};

void print_events(StateText& out, const SeasonLog& log) {
  for (std::size_t n = 0; n < log.events.size(); ++n) {
    const SeasonEvent& e = log.events[n];
    out.line("event").number(static_cast<std::int64_t>(n)).time(e.at).word(to_word(e.kind)).child(e.child);
    out.school(e.school).id(e.approver).id(e.second).number(e.number);
    if (e.order_count > 0) out.places(std::span(log.orders).subspan(e.order_from, e.order_count));
  }
}

void print_child(StateText& out, const SeasonOffice& office, std::uint32_t child) {
  const ChildState& state = office.season().children()[child];
  const ChildAnswer& a = office.memory().answers[child];
  const RunChild& known = office.input().children[child];
  const bool waits = state.stage == ChildStage::drawn || state.stage == ChildStage::offered;
  out.line("child").child(child).word(to_word(state.stage)).school(state.choice).school(state.seat).id(state.place);
  waits ? out.time(state.answer_by) : out.word("");
  out.word(a.way).word(a.clause).word(a.reason).number(a.rank);
  out.number(static_cast<int>(a.margin.by)).number(static_cast<std::int64_t>(a.margin.key)).number(a.margin.amount);
  out.number(a.metres).school(a.wanted).number(a.school_class);
  out.word(to_hex(office.memory().tickets[child])).number(office.memory().won[child] != 0 ? 1 : 0);
  out.word(to_word(known.way)).number(known.tier);
  for (const std::int64_t key : known.keys) out.number(key);
  out.word(known.clause).child(known.unit).school(known.zone_school).school(known.claim).word(to_hex(known.leaf));
}

void print_school(StateText& out, const SeasonOffice& office, std::uint32_t school) {
  const SchoolState& state = office.season().schools()[school];
  out.line("school").school(school).number(state.taken).number(state.extra).number(state.drawn ? 1 : 0);
  out.number(state.to_confirm).number(state.line_begin).places(state.line);
}

void print_memory(StateText& out, const OfficeMemory& memory) {
  for (const SeatOverPlan& over : memory.approvals)
    out.line("over").school(over.school).number(over.seats).id(over.approver).time(over.at).number(over.over_cap);
  for (const OverflowRow& row : memory.overflow)
    out.line("overflow").child(row.child).number(row.round).number(row.tier).number(row.place);
  std::vector<const RunDraw*> draws;  // by id: they are kept as they came
  for (const RunDraw& draw : memory.draws) draws.push_back(&draw);
  std::ranges::sort(draws, {}, [](const RunDraw* draw) -> const std::string& { return draw->id; });
  for (const RunDraw* at : draws) {
    const RunDraw& draw = *at;
    out.line("draw").word(draw.id).word(draw.kind).school(draw.school).number(draw.applicants).number(draw.seats);
    out.time(draw.at);
    for (const std::string* file :
         {&draw.files.manifest, &draw.files.list, &draw.files.ceremony, &draw.files.result, &draw.files.deal})
      out.digest(*file);
  }
}

}  // namespace

std::string print_state(const SeasonOffice& office) {
  StateText out(office.input());
  out.line("season-state/1").word(office.input().place).word(office.input().level);
  print_events(out, office.season().log());
  for (std::uint32_t child = 0; child < office.input().children.size(); ++child) print_child(out, office, child);
  for (std::uint32_t school = 0; school < office.input().schools.size(); ++school) print_school(out, office, school);
  print_memory(out, office.memory());
  return std::move(out).finish();
}

}  // namespace catchment::engine::admission
