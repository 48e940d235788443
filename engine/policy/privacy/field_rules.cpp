#include "engine/policy/privacy/field_rules.hpp"

#include <algorithm>
#include <array>

#include "geo/address/normal_text.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::policy {
namespace {

constexpr std::array<std::string_view, 4> kFieldFaultWords{"forbidden", "too_early", "never_typed", "unlisted"};

bool is_latin(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_small(char c) { return c >= 'a' && c <= 'z'; }

// Between the words of a name that is written parentIncome or ParentIncome.
std::string split_capitals(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (i > 0 && is_capital(name[i]) && is_small(name[i - 1])) out += '_';
    out += name[i];
  }
  return out;
}

// Whether the bytes of one character are a mark or blank beyond ASCII: U+00B7, U+2000-206F, U+3000-303F, U+30FB.
bool is_wide_mark(std::string_view c) {
  return c == "\xC2\xB7" || c == "\xE3\x83\xBB" || c.starts_with("\xE2\x80") || c.starts_with("\xE2\x81") ||
         c.starts_with("\xE3\x80");
}

// Folded, Latin words joined by '_', every other mark and blank gone.
std::string field_key(std::string_view name) {
  const std::string text = geo::normalise(split_capitals(name)).text;
  std::string key;
  bool gap = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string_view c = std::string_view(text).substr(i, size);
    i += size;
    const bool word = size == 1 ? is_latin(c[0]) : !is_wide_mark(c);
    if (word && gap && size == 1 && !key.empty() && is_latin(key.back())) key += '_';
    gap = !word;
    if (word) key += c;
  }
  return key;
}

bool has_word(std::string_view key, std::string_view word) {
  for (std::size_t at = key.find(word); at != std::string_view::npos; at = key.find(word, at + 1)) {
    const bool begins = at == 0 || !is_latin(key[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end == key.size() || !is_latin(key[end]))) return true;
  }
  return false;
}

std::string requirement_list(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

}  // namespace

std::string_view to_text(FieldFaultKind kind) { return kFieldFaultWords.at(static_cast<std::size_t>(kind)); }

FieldRules::FieldRules(std::vector<PersonalField> fields, std::vector<ForbiddenTerm> forbidden)
    : fields_(std::move(fields)), forbidden_(std::move(forbidden)) {
  for (std::size_t i = 0; i < forbidden_.size(); ++i) {
    for (const std::string& term : forbidden_[i].terms) {
      const std::string key = field_key(term);
      if (key.empty()) throw InputError("privacy_list", forbidden_[i].id, "a term without letters");
      terms_.push_back({key, is_latin(key.front()), i});
    }
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const PersonalField& field = fields_[i];
    const auto add = [&](const std::string& name) {
      const auto [at, added] = by_name_.emplace(field_key(name), i);
      if (!added && at->second != i) {
        throw InputError("privacy_list", field.field, name + " is a name of " + fields_[at->second].field + " too");
      }
    };
    const ForbiddenTerm* banned = forbidden_in(field.field);
    if (banned != nullptr && !banned->only_before_term) {
      throw InputError("privacy_list", field.field, "may not be held: " + banned->what);
    }
    add(field.field);
    for (const std::string& label : field.labels) add(label);
  }
}

const PersonalField* FieldRules::find(std::string_view name) const {
  const auto at = by_name_.find(field_key(name));
  return at == by_name_.end() ? nullptr : &fields_[at->second];
}

const ForbiddenTerm* FieldRules::forbidden_in(std::string_view text) const {
  const std::string key = field_key(text);
  for (const Term& term : terms_) {
    const bool found = term.whole_word ? has_word(key, term.key) : key.find(term.key) != std::string::npos;
    if (found) return &forbidden_[term.of];
  }
  return nullptr;
}

std::optional<FieldFault> FieldRules::asked(std::string_view name, bool before_term) const {
  const PersonalField* field = find(name);
  if (field != nullptr && field->when == AskedWhen::never_typed) {
    return FieldFault{FieldFaultKind::never_typed, std::string(name),
                      "is reckoned or received, never asked of a family"};
  }
  if (field != nullptr && (field->when == AskedWhen::registration || !before_term)) return std::nullopt;
  const ForbiddenTerm* banned = forbidden_in(name);
  if (banned == nullptr) {
    return FieldFault{FieldFaultKind::unlisted, std::string(name), "no field of the privacy list (ZZ12, ZZ16, PD17)"};
  }
  const std::string why = banned->what + " (" + requirement_list(banned->serves) + ")";
  if (!banned->only_before_term) return FieldFault{FieldFaultKind::forbidden, std::string(name), why};
  if (!before_term) return std::nullopt;
  return FieldFault{FieldFaultKind::too_early, std::string(name), why + ": may be asked once term has begun"};
}

std::optional<FieldFault> FieldRules::held(std::string_view name) const {
  if (find(name) != nullptr) return std::nullopt;
  if (const ForbiddenTerm* banned = forbidden_in(name); banned != nullptr) {
    return FieldFault{FieldFaultKind::forbidden, std::string(name),
                      banned->what + " (" + requirement_list(banned->serves) + ")"};
  }
  return FieldFault{FieldFaultKind::unlisted, std::string(name), "no field of the privacy list (ZZ12, ZZ16, PD17)"};
}

}  // namespace catchment::engine::policy
