#include "server/access/oidc_file.hpp"

#include <fstream>
#include <iterator>

#include "geo/input_error.hpp"
#include "server/access/token_json.hpp"

namespace catchment::access {
namespace {

using nlohmann::json;

class OidcFile {
 public:
  explicit OidcFile(const std::filesystem::path& file) : file_(file.string()) {
    std::ifstream in(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in) fail("", "cannot be read");
    root_ = find_token_json(text);
    if (!root_.is_object()) fail("", "must be a JSON object, each name in it once");
  }

  std::string text(const char* name, const std::string& otherwise) {
    const auto found = root_.find(name);
    if (found == root_.end()) return otherwise;
    if (!found->is_string() || found->get_ref<const std::string&>().empty()) fail(name, "must be a text");
    const std::string value = *found;
    root_.erase(name);
    return value;
  }
  std::string needed(const char* name) {
    const std::string value = text(name, "");
    if (value.empty()) fail(name, "is needed");
    return value;
  }
  std::vector<std::string> texts(const char* name, const std::vector<std::string>& otherwise) {
    const auto found = root_.find(name);
    if (found == root_.end()) return otherwise;
    if (!found->is_array() || found->empty()) fail(name, "must be a list of texts");
    std::vector<std::string> values;
    for (const json& value : *found) {
      if (!value.is_string()) fail(name, "must be a list of texts");
      values.push_back(value);
    }
    root_.erase(name);
    return values;
  }
  void end() {
    if (!root_.empty()) fail(root_.begin().key(), "is no member of this file");
  }
  [[noreturn]] void fail(const std::string& member, const std::string& what) const {
    throw InputError("oidc_file", file_ + (member.empty() ? "" : ": /" + member), what);
  }

 private:
  std::string file_;
  json root_;
};

TokenAlgorithm algorithm_of(const OidcFile& file, const std::string& word) {
  for (const TokenAlgorithm algorithm : {TokenAlgorithm::rs256, TokenAlgorithm::es256, TokenAlgorithm::eddsa})
    if (to_word(algorithm) == word) return algorithm;
  file.fail("algorithms", "are RS256, ES256 and EdDSA");
}

}  // namespace

OidcRules read_oidc_file(const std::filesystem::path& path, const std::string& public_url) {
  OidcFile file(path);
  OidcRules rules;
  rules.issuer = file.needed("issuer");
  rules.client_id = file.needed("client_id");
  rules.client_secret = file.text("client_secret", "");
  rules.redirect_uri = file.text("redirect_uri", public_url.empty() ? "" : public_url + std::string(kOidcReturnPath));
  if (rules.redirect_uri.empty()) file.fail("redirect_uri", "is needed, or --public-url");
  rules.second_factors = file.texts("second_factors", rules.second_factors);
  if (const std::vector<std::string> words = file.texts("algorithms", {}); !words.empty()) {
    rules.algorithms.clear();
    for (const std::string& word : words) rules.algorithms.push_back(algorithm_of(file, word));
  }
  file.end();
  return rules;
}

}  // namespace catchment::access
