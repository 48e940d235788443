// What speaks for and against a draft, and which status the drafts make together.
#include <algorithm>

#include "geo/gazetteer/find.hpp"

namespace catchment::geo {
namespace {

constexpr double kQualityFactor[] = {1, 0.95, 0.6, 0.5, 0.4};
constexpr double kContradictedFactor = 0.3;
constexpr double kUnsupportedFactor = 0.8;
constexpr std::size_t kMaxLookedAt = 5000;  // addresses of a place that say where it lies

Fit worse(Fit a, Fit b) {
  if (a == Fit::contradicts || b == Fit::contradicts) return Fit::contradicts;
  return a == Fit::agrees || b == Fit::agrees ? Fit::agrees : Fit::absent;
}

bool good(const Draft& d) { return d.quality <= Quality::covered && !d.contradicted; }

}  // namespace

Finder::Finder(const GazetteerTables& tables, const ParsedAddress& parsed, const FindOptions& options)
    : t_(tables), parsed_(parsed), options_(options) {}

void Finder::run(Found& found) {
  if (exact(found)) return;
  resolve_names();
  for (const Anchor& anchor : anchors()) search(anchor);
  // The estate is right and the street or door before it is not: offered beside what the street has.
  const bool sure = std::ranges::any_of(drafts_, [](const Draft& d) { return good(d); });
  if (!sure && street_.token != nullptr && !estate_.hits.empty() && !estate_.guessed()) {
    for (const MatchedName& hit : estate_.hits) search_area({hit.name, hit, estate_.token});
  }
  decide(found);
}

// `name` is what the address has in the place of the typed name.
Fit Finder::fit_of(const TypedName& typed, NameId name) const {
  if (typed.token == nullptr || name == kNoName) return Fit::absent;
  return typed.hit(name) != nullptr ? Fit::agrees : Fit::contradicts;
}

Fit Finder::fit_town(const EntryPlace& place) const {
  if (town_.token == nullptr || town_.hits.empty()) return Fit::absent;
  for (const NameId start : {place.community, place.estate}) {
    for (NameId up = start; up != kNoName; up = t_.names[up].parent) {
      if (t_.names[up].part == AddressPart::town) return fit_of(town_, up);
    }
  }
  return Fit::absent;
}

Fit Finder::fit(const EntryPlace& place, NameId anchor) const {
  Fit all = worse(fit_of(district_, place.district), fit_town(place));
  if (place.community != anchor) all = worse(all, fit_of(community_, place.community));
  if (estate_.token != nullptr && place.estate != anchor) {
    // An estate the city knows is not where its addresses do not say so.
    const bool elsewhere = place.estate == kNoName && std::ranges::any_of(estate_.hits, [&](const NameHit& h) {
                             return t_.names[h.name].entries != 0;
                           });
    all = worse(all, elsewhere ? Fit::contradicts : fit_of(estate_, place.estate));
  }
  if (parts_.postcode != 0 && place.postcode != 0) {
    all = worse(all, parts_.postcode == place.postcode ? Fit::agrees : Fit::contradicts);
  }
  return foreign_ ? Fit::contradicts : all;
}

// Whether a place or street as a whole lies where the text says.
Fit Finder::fit_thing(NameId name) const {
  if (foreign_) return Fit::contradicts;
  Fit all = Fit::absent;
  for (NameId up = t_.names[name].parent; up != kNoName; up = t_.names[up].parent) {
    for (const TypedName* typed : {&district_, &town_, &community_}) {
      const bool same_kind = typed->token != nullptr && typed->token->part == t_.names[up].part;
      if (same_kind) all = worse(all, fit_of(*typed, up));
    }
  }
  if (all != Fit::absent) return all;
  const auto entries = t_.entries_of(name);
  bool any = false;
  for (std::size_t i = 0; i < std::min(entries.size(), kMaxLookedAt); ++i) {
    const EntryPlace& place = t_.entries.place(entries[i]);
    const Fit one = worse(fit_of(district_, place.district), fit_town(place));
    if (one != Fit::contradicts) return one;
    any = true;
  }
  return any ? Fit::contradicts : Fit::absent;
}

// A part beside the guessed name that agrees and was not guessed itself.
bool Finder::supports(const EntryRow& row, const Anchor& anchor) const {
  const auto sure = [&](const TypedName& typed, NameId name) {
    return typed.token != anchor.token && !typed.guessed() && fit_of(typed, name) == Fit::agrees;
  };
  return sure(district_, row.district) || sure(community_, row.community) || sure(estate_, row.estate) ||
         sure(street_, row.street) || (parts_.postcode != 0 && parts_.postcode == row.postcode) ||
         (!town_.guessed() && town_.token != anchor.token && fit_town(row) == Fit::agrees);
}

// Numbers stood before a name that was found only without them, or more names are like it than were looked into.
bool Finder::cut() const {
  return std::ranges::any_of(std::array{&street_, &estate_, &community_, &town_, &district_},
                             [](const TypedName* typed) { return typed->cut; });
}

void Finder::explain(Draft& draft, const Anchor& anchor, const EntryRow* row) const {
  std::vector<Reason>& reasons = draft.candidate.reasons;
  const auto name_text = [&](NameId name) { return std::string(t_.text(t_.names[name].name)); };
  // What is like a former or short name is not like the thing's own: two steps, first to that name, then to the thing.
  const auto about_hit = [&](const MatchedName& hit, const AddressToken& token) {
    const bool own = hit.spelling_of == Evidence::name_exact;
    if (hit.evidence != hit.spelling_of && !own && hit.key != kNone) {
      reasons.push_back({hit.evidence, token.span, std::string(t_.text(t_.keys[hit.key].text))});
      reasons.push_back({hit.spelling_of, token.span, name_text(hit.name)});
    } else {
      reasons.push_back({hit.evidence, token.span, name_text(hit.name)});
    }
  };
  const auto about_name = [&](const TypedName& typed, NameId name) {
    if (typed.token == nullptr || typed.token == anchor.token) return;
    const MatchedName* hit = name == kNoName ? nullptr : typed.hit(name);
    if (hit != nullptr) {
      about_hit(*hit, *typed.token);
    } else if (name == kNoName) {
      reasons.push_back({Evidence::part_missing, typed.token->span, {}});
    } else {
      reasons.push_back({Evidence::part_contradicted, typed.token->span, name_text(name)});
    }
  };
  about_hit(anchor.hit, *anchor.token);
  if (row != nullptr) {
    about_name(district_, row->district);
    about_name(community_, row->community);
    about_name(estate_, row->estate);
    about_name(street_, row->street);
    if (parts_.post != nullptr && row->postcode != 0) {
      const bool same = row->postcode == parts_.postcode;
      reasons.push_back({same ? Evidence::number_exact : Evidence::part_contradicted, parts_.post->span,
                         std::to_string(row->postcode)});
    }
  }
  if (foreign_) {
    const AddressToken* token = parts_.city != nullptr ? parts_.city : parts_.province;
    reasons.push_back({Evidence::part_contradicted, token->span, {}});
  }
  for (std::size_t part = 0; part < kPathParts; ++part) {
    if (parts_.numbers[part] == nullptr || draft.numbers[part] == Evidence::exact_text) continue;
    reasons.push_back({draft.numbers[part], parts_.numbers[part]->span, draft.number_texts[part]});
  }
  for (const AddressToken* token : parts_.left) {
    if (std::ranges::find(used_, token) == used_.end()) reasons.push_back({Evidence::part_missing, token->span, {}});
  }
  std::ranges::stable_sort(reasons, {}, [](const Reason& r) { return std::pair(r.span.begin, r.span.end); });
}

void Finder::decide(Found& found) {
  for (Draft& d : drafts_) {
    d.candidate.confidence *= kQualityFactor[static_cast<std::size_t>(d.quality)];
    if (d.contradicted) d.candidate.confidence *= kContradictedFactor;
    if (d.guessed && !d.supported) d.candidate.confidence *= kUnsupportedFactor;
  }
  std::ranges::stable_sort(drafts_, {}, [](const Draft& d) {
    return std::tuple(d.contradicted, d.quality, d.unheard, -d.candidate.confidence, -static_cast<int>(d.typed),
                      d.candidate.entry, d.candidate.name);
  });
  // One address may have been reached by two names; the better way stays.
  std::vector<Draft> once;
  for (Draft& d : drafts_) {
    const auto same = [&](const Draft& o) {
      return d.candidate.entry != kNoEntry ? o.candidate.entry == d.candidate.entry
                                           : o.candidate.entry == kNoEntry && o.candidate.name == d.candidate.name &&
                                                 o.candidate.text == d.candidate.text;
    };
    if (std::ranges::none_of(once, same)) once.push_back(std::move(d));
  }
  drafts_ = std::move(once);
  const auto has_door = [](const Draft& d) { return d.typed > 0 && !d.contradicted; };
  const auto count = [&](const auto& test) { return std::ranges::count_if(drafts_, test); };
  const bool clear = !drafts_.empty() && !drafts_.front().unheard && !cut() && !foreign_;
  const Draft* const best = drafts_.empty() ? nullptr : &drafts_.front();
  const auto sure = [&] { return !best->guessed || (best->supported && best->typed > 0 && count(has_door) == 1); };
  if (best == nullptr) {
    found.status = FindStatus::unknown;
  } else if (good(*best)) {
    const bool wide = best->candidate.level >= MatchLevel::district;
    found.status = clear && count(good) == 1 && sure() && !wide ? FindStatus::definite : FindStatus::choose;
  } else if (best->quality == Quality::between && clear && !best->guessed && !best->contradicted &&
             count([](const Draft& d) { return d.quality == Quality::between && !d.contradicted; }) == 1) {
    found.status = FindStatus::interpolated;
  } else if (best->quality == Quality::coarse && !best->guessed && !best->contradicted && !foreign_ &&
             drafts_.size() == 1) {
    found.status = FindStatus::street_only;
  } else {
    found.status = FindStatus::choose;
  }
  const std::size_t limit = found.status == FindStatus::definite ? 1 : options_.limit;
  for (Draft& d : drafts_) {
    if (d.candidate.level <= MatchLevel::interpolated) d.candidate.name = kNoName;
    if (found.candidates.size() < limit) found.candidates.push_back(std::move(d.candidate));
  }
}

Found Gazetteer::find(std::string_view text, const FindOptions& options) const {
  return find(parse_address(text, this), options);
}

}  // namespace catchment::geo
