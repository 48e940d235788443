// The kinds of class dealing as proofs: how each result follows from its files, and how dealings follow one another.
#include <algorithm>
#include <map>
#include <set>

#include "engine/admission/classes/class_files.hpp"
#include "engine/admission/lottery/draw.hpp"
#include "engine/admission/lottery/proof_text.hpp"

namespace catchment::engine::admission {
namespace {

constexpr std::string_view kLateNote = "LATE";

ProofHead class_head(std::string_view format, std::string_view text) {
  const ClassManifest manifest = parse_class_manifest(format, text);
  return {manifest.draw, manifest.suite,         manifest.list, manifest.terms.commitments,
          manifest.deal, manifest.terms.ceremony};
}

std::vector<Ticket> class_tickets(const ClassManifest& manifest, const Digest& seed, const std::vector<Code>& units) {
  const TicketKey key(manifest.suite, seed);
  std::vector<Ticket> tickets;
  for (const Code& unit : units)
    tickets.push_back(key.ticket(ticket_message(manifest.format, manifest.draw, view(unit))));
  return tickets;
}

std::string class_note(const ClassPlace& place) {
  if (place.split) return place.namesake ? "SPLIT+NAMESAKE" : "SPLIT";
  return place.namesake ? "NAMESAKE" : "-";
}

void sort_class_list(std::vector<ListedPlace>& places) {
  std::ranges::sort(places, {}, [](const ListedPlace& p) { return std::tie(p.school_class, p.pupil.code); });
}

std::string recompute_classes(const ProofFolder& folder, const Digest& seed) {
  const ClassManifest manifest = parse_class_manifest(kClassesKind.format, folder.manifest);
  std::vector<ClassPupil> pupils;
  std::vector<Code> units;
  for (const ListedPupil& listed : parse_pupils(folder.list)) {
    pupils.push_back(listed.pupil);
    units.push_back(listed.pupil.unit);
  }
  const std::vector<Ticket> tickets = class_tickets(manifest, seed, units);
  const std::vector<ClassPlace> dealt = deal_classes(pupils, tickets, manifest.classes);
  std::vector<ListedPlace> places;
  for (std::size_t i = 0; i < pupils.size(); ++i)
    places.push_back({pupils[i], dealt[i].school_class, tickets[i], class_note(dealt[i])});
  sort_class_list(places);
  return print(places);
}

int classes_in(const std::vector<ListedPlace>& places) { return places.empty() ? 0 : places.back().school_class; }

std::string recompute_heads(const ProofFolder& folder, const Digest& seed) {
  const ClassManifest manifest = parse_class_manifest(kHeadsKind.format, folder.manifest);
  std::vector<Code> codes;
  for (const ListedCode& line : parse_codes(kHeadsKind.list_file, folder.list)) codes.push_back(line.code);
  const int classes = classes_in(parse_class_list(kDealFile, *folder.deal));
  if (static_cast<int>(codes.size()) != classes)
    refuse_proof(kHeadsKind.list_file, 0, "",
                 "must have as many lines as deal.tsv has classes, " + std::to_string(classes));
  const std::vector<Ticket> tickets = class_tickets(manifest, seed, codes);
  std::string text;
  int school_class = 0;
  for (const std::size_t i : ticket_order(codes, tickets)) {
    text.append(std::to_string(++school_class)).append("\t").append(view(codes[i])).append("\t");
    text.append(to_hex(tickets[i])).append("\n");
  }
  return text;
}

// Late arrivals and the class list that they join.
struct LateDealing {
  ClassManifest manifest;
  std::vector<LatePupil> pupils;
  std::vector<ListedPlace> seated;  // who is left of deal.tsv
  std::vector<ClassMakeup> classes;
  std::map<Code, int> class_of;
};

LateDealing read_late_dealing(const ProofFolder& folder) {
  LateDealing late;
  late.manifest = parse_class_manifest(kLateKind.format, folder.manifest);
  for (const ListedLate& line : parse_late(folder.list)) late.pupils.push_back(line.pupil);
  std::vector<ListedPlace> deal = parse_class_list(kDealFile, *folder.deal);
  late.classes.resize(static_cast<std::size_t>(classes_in(deal)));
  std::set<Code> gone(late.manifest.gone.begin(), late.manifest.gone.end()), dealt;
  for (ListedPlace& place : deal) {
    dealt.insert(place.pupil.code);
    if (gone.erase(place.pupil.code) != 0) continue;
    ClassMakeup& in = late.classes[static_cast<std::size_t>(place.school_class) - 1];
    ++in.pupils, in.girls += place.pupil.girl ? 1 : 0, in.needs += place.pupil.needs ? 1 : 0;
    late.class_of.emplace(place.pupil.code, place.school_class);
    late.seated.push_back(std::move(place));
  }
  if (!gone.empty())
    refuse_proof(kManifestFile, 0, "gone", std::string(view(*gone.begin())).append(" is not in deal.tsv"));
  std::set<Code> listed;
  for (const LatePupil& pupil : late.pupils) listed.insert(pupil.code);
  for (std::size_t i = 0; i < late.pupils.size(); ++i) {
    if (dealt.contains(late.pupils[i].code))
      refuse_proof(kLateKind.list_file, i + 1, "code", "stands in deal.tsv already");
    for (const Code& code : late.pupils[i].namesakes) {
      if (!listed.contains(code) && !late.class_of.contains(code))
        refuse_proof(kLateKind.list_file, i + 1, "namesakes",
                     std::string(view(code)).append(" is neither in deal.tsv nor late"));
    }
  }
  if (late.classes.empty() && !late.pupils.empty()) refuse_proof(kDealFile, 0, "", "has no class to join");
  return late;
}

std::string recompute_late(const ProofFolder& folder, const Digest& seed) {
  LateDealing late = read_late_dealing(folder);
  std::vector<Code> codes;
  for (const LatePupil& pupil : late.pupils) codes.push_back(pupil.code);
  const std::vector<Ticket> tickets = class_tickets(late.manifest, seed, codes);
  const TicketKey key(late.manifest.suite, seed);
  const auto class_of = [&](const Code& code) {
    const auto at = late.class_of.find(code);
    return at == late.class_of.end() ? 0 : at->second;
  };
  const auto class_ticket = [&](std::size_t pupil, int school_class) {
    return key.ticket("late/1 class\n" + late.manifest.draw + "\n" + std::string(view(codes[pupil])) + "\n" +
                      std::to_string(school_class) + "\n");
  };
  const std::vector<ClassPlace> joined = place_late(late.pupils, tickets, late.classes, class_of, class_ticket);
  std::vector<ListedPlace> places = std::move(late.seated);
  for (std::size_t i = 0; i < joined.size(); ++i) {
    const LatePupil& pupil = late.pupils[i];
    places.push_back({{pupil.code, pupil.code, pupil.girl, pupil.needs, 0},
                      joined[i].school_class,
                      tickets[i],
                      std::string(kLateNote) + (joined[i].namesake ? "+NAMESAKE" : "")});
  }
  sort_class_list(places);
  return print(places);
}

// (what a ticket is drawn for, ticket) of the lines of a result that its own seed gives.
std::vector<std::pair<Code, Ticket>> read_class_result(std::string_view format, std::string_view text) {
  std::vector<std::pair<Code, Ticket>> tickets;
  if (format == kHeadsKind.format) {
    const std::vector<std::string_view> lines = proof_lines(kResultFile, text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const ProofLine line{kResultFile, i + 1, lines[i]};
      const auto c = proof_columns(line, {"class", "code", "ticket"});
      proof_number(line, "class", c[0]);
      tickets.emplace_back(proof_code(line, "code", c[1]), proof_digest(line, "ticket", c[2]));
    }
    return tickets;
  }
  const std::vector<ListedPlace> places = parse_class_list(kResultFile, text);
  const bool late = format == kLateKind.format;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool joined = places[i].note.starts_with(kLateNote);
    if (joined && !late) refuse_proof(kResultFile, i + 1, "note", "must be -, SPLIT, NAMESAKE or SPLIT+NAMESAKE");
    if (joined || !late) tickets.emplace_back(places[i].pupil.unit, places[i].ticket);
  }
  return tickets;
}

bool knows_class_ticket(std::string_view format, const ProofFolder& folder, const Digest& seed) {
  const ClassManifest manifest = parse_class_manifest(format, folder.manifest);
  const TicketKey key(manifest.suite, seed);
  return std::ranges::any_of(read_class_result(format, *folder.result), [&](const std::pair<Code, Ticket>& line) {
    return key.ticket(ticket_message(format, manifest.draw, view(line.first))) == line.second;
  });
}

void read_deal_file(std::string_view text) { parse_class_list(kDealFile, text); }

// One folder of a chain of dealings.
struct DealingLink {
  const ProofFolder* folder = nullptr;
  const ProofKind* kind = nullptr;
  ClassManifest manifest;
};

class DealingChain {
 public:
  explicit DealingChain(std::span<const std::string> names) : names_(names) {}

  void add(std::size_t i, const ProofFolder& folder) {
    DealingLink& link = links_.emplace_back();
    link.folder = &folder, link.kind = find_proof_kind(format_of(folder.manifest));
    if (link.kind == nullptr || link.kind == &kDrawKind) return refuse(i, kManifestFile, "format: is not of a dealing");
    const ProofCheck check = check_proof(*link.kind, folder);
    for (ProofFinding finding : check.findings) {
      for (std::string& file : finding.files) file.insert(0, names_[i] + "/");
      findings_.push_back({finding.files, names_[i] + "/" + finding.where, names_[i] + "/" + finding.message});
    }
    if (check.same()) link.manifest = parse_class_manifest(link.kind->format, folder.manifest);
  }

  std::vector<ProofFinding> check() {
    if (!findings_.empty()) return std::move(findings_);
    for (std::size_t i = 0; i < links_.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (links_[j].folder->ceremony == links_[i].folder->ceremony)
          refuse(i, kCeremonyFile, "is that of " + names_[j] + " too; a known number decides nothing");
        if (links_[j].manifest.draw == links_[i].manifest.draw && links_[j].kind == links_[i].kind)
          refuse(i, kManifestFile, "draw: stands in " + names_[j] + " too");
      }
      if (links_[i].folder->deal) check_origin(i);
    }
    return std::move(findings_);
  }

 private:
  void check_origin(std::size_t i) {
    for (std::size_t j = 0; j < links_.size(); ++j) {
      const DealingLink& origin = links_[j];
      if (j == i || origin.kind == &kHeadsKind || origin.folder->result != links_[i].folder->deal) continue;
      const auto before = origin.manifest.terms.ceremony, after = links_[i].manifest.terms.ceremony;
      if (before && after && *after <= *before)
        refuse(i, kManifestFile, "ceremony: is not later than that of " + names_[j] + ", which it goes on from");
      return;
    }
    refuse(i, kDealFile, "is the result of no dealing here");
  }

  void refuse(std::size_t i, std::string_view file, const std::string& message) {
    const std::string where = names_[i] + "/" + std::string(file);
    findings_.push_back({{where}, where, where + ": " + message});
  }

  std::span<const std::string> names_;
  std::vector<DealingLink> links_;
  std::vector<ProofFinding> findings_;
};

}  // namespace

const ProofKind kClassesKind{
    "classes/1",
    "pupils",
    "pupils.tsv",
    [](std::string_view text) { return class_head("classes/1", text); },
    [](std::string_view text) { parse_pupils(text); },
    [](std::string_view text) { read_class_result("classes/1", text); },
    recompute_classes,
    [](const ProofFolder& f, const Digest& s) { return knows_class_ticket("classes/1", f, s); }};

const ProofKind kHeadsKind{"heads/1",
                           "heads",
                           "heads.tsv",
                           [](std::string_view text) { return class_head("heads/1", text); },
                           [](std::string_view text) { parse_codes("heads.tsv", text); },
                           [](std::string_view text) { read_class_result("heads/1", text); },
                           recompute_heads,
                           [](const ProofFolder& f, const Digest& s) { return knows_class_ticket("heads/1", f, s); },
                           read_deal_file};

const ProofKind kLateKind{"late/1",
                          "late",
                          "late.tsv",
                          [](std::string_view text) { return class_head("late/1", text); },
                          [](std::string_view text) { parse_late(text); },
                          [](std::string_view text) { read_class_result("late/1", text); },
                          recompute_late,
                          [](const ProofFolder& f, const Digest& s) { return knows_class_ticket("late/1", f, s); },
                          read_deal_file,
                          kLateNote};

const ProofKind* find_proof_kind(std::string_view format) noexcept {
  for (const ProofKind* kind : {&kDrawKind, &kClassesKind, &kHeadsKind, &kLateKind}) {
    if (kind->format == format) return kind;
  }
  return nullptr;
}

std::vector<ProofFinding> check_dealings(std::span<const ProofFolder> folders, std::span<const std::string> names) {
  DealingChain chain(names);
  for (std::size_t i = 0; i < folders.size(); ++i) chain.add(i, folders[i]);
  return chain.check();
}

}  // namespace catchment::engine::admission
