// Which fields about a person may be held at all, and what may never be asked: data minimisation as a list.
//
// A field is known by its identifier or by one of its labels, spelt in any way that folds to the same (geo/address/
// normal_text: width, case, traditional characters, blanks, punctuation). A name that is neither, or that contains a
// forbidden term, is refused with the requirements that forbid it; a label that is listed as it stands is allowed even
// if a forbidden term is part of it (不动产权证书 and 证书). Whatever is not listed is refused: the list is the
// permission.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::engine::policy {

enum class AskedWhen { registration, after_term_start, never_typed };

// One line of datasets/privacy/fields.tsv.
struct PersonalField {
  std::string field;                // identifier: column, JSON key
  std::vector<std::string> labels;  // as forms call it
  AskedWhen when = AskedWhen::registration;
  std::string purpose;
  std::vector<std::string> basis;  // requirement ids, or the law
  std::vector<std::string> roles;  // that may see it
  std::string retention;
};

// One line of datasets/privacy/forbidden.tsv.
struct ForbiddenTerm {
  std::string id;
  std::vector<std::string> terms;
  bool only_before_term = false;
  std::vector<std::string> serves;  // requirement ids that forbid it
  std::string what;
};

enum class FieldFaultKind { forbidden, too_early, never_typed, unlisted };
std::string_view to_text(FieldFaultKind kind);

struct FieldFault {
  FieldFaultKind kind = FieldFaultKind::unlisted;
  std::string asked;   // as it was written
  std::string reason;  // what it is and which requirements forbid it: "parents' income or means (ZZ16, CQ36, LB20)"
};

class FieldRules {
 public:
  // Throws InputError(privacy_list): two fields with one name, or a field whose identifier is itself a forbidden term.
  FieldRules(std::vector<PersonalField> fields, std::vector<ForbiddenTerm> forbidden);

  const std::vector<PersonalField>& fields() const { return fields_; }
  const std::vector<ForbiddenTerm>& forbidden() const { return forbidden_; }
  const PersonalField* find(std::string_view name) const;  // by identifier or label

  // May a form ask a family for this? before_term: the form is for registration. Empty: it may.
  std::optional<FieldFault> asked(std::string_view name, bool before_term) const;
  // May a table, a message or a log have this column or key? Empty: it may.
  std::optional<FieldFault> held(std::string_view name) const;
  // The forbidden term in a text of any kind, whether or not it is listed; null: none.
  const ForbiddenTerm* forbidden_in(std::string_view text) const;

 private:
  struct Term {
    std::string key;  // folded
    bool whole_word = false;
    std::size_t of = 0;
  };

  std::vector<PersonalField> fields_;
  std::vector<ForbiddenTerm> forbidden_;
  std::map<std::string, std::size_t, std::less<>> by_name_;  // folded identifiers and labels
  std::vector<Term> terms_;
};

}  // namespace catchment::engine::policy
