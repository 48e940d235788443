#include "server/service_commands.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "geo/input_error.hpp"
#include "server/store/journal.hpp"
#include "server/store/store_commands.hpp"

namespace catchment {
namespace {

struct KeyedStore {
  std::string store;
  std::filesystem::path keys;
};

void declare_keyed(CLI::App& sub, KeyedStore& options) {
  sub.add_option("--store", options.store, "sqlite:PATH or postgresql://...")->required();
  sub.add_option("--keys", options.keys, "Key ring")->required();
}

std::string read_secret(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw InputError("password_file", file.string(), "cannot be read, or is empty");
  return line;
}

// Accounts without a running service: the first operator, a script's token.
class OfflineAccounts {
 public:
  explicit OfflineAccounts(const KeyedStore& options)
      : store(store::Store::open(options.store)),
        ring(options.keys, access::system_randomness()),
        clock_([this] { return now_.now(); }) {
    if (ring.find("accounts") == nullptr) ring.add("accounts", access::SealSuite::aes_gcm);
    const access::Key32 csrf = access::derive_key(access::HmacKind::sha256, ring.find("accounts")->key, "csrf");
    sessions = std::make_unique<access::Sessions>(store, clock_, access::system_randomness(), csrf);
    accounts = std::make_unique<access::Accounts>(store, *sessions, ring, clock_, access::system_randomness());
  }

  void note(store::Session& session, const char* kind, const std::string& subject) {
    store::append_journal(session, {now_.now(), "operator", kind, subject, "{}"});
  }

  // As strong as the account's password and second factor together: for scripts, on the machine itself.
  std::string open_token(store::Session& session, const access::Account& account) {
    access::Actor actor;
    actor.role = account.facts.role, actor.subject = access::subject_of(account), actor.second_factor = true;
    actor.districts = account.facts.districts, actor.schools = account.facts.schools;
    note(session, "token.create", actor.subject);
    return sessions->open(session, actor, access::SessionKind::bearer).token;
  }

  store::Store store;
  access::KeyRing ring;

 private:
  api::ServiceClock now_{false};
  access::Clock clock_;

 public:
  std::unique_ptr<access::Sessions> sessions;
  std::unique_ptr<access::Accounts> accounts;
};

struct AccountArguments {
  KeyedStore at;
  std::string name, role;
  std::vector<std::string> districts, schools;
  std::filesystem::path password;
  bool token = false, second_factor = false;
};

int make_account(const AccountArguments& arguments) {
  OfflineAccounts offline(arguments.at);
  const auto role = access::find_role(arguments.role);
  if (!role) throw InputError("account_role", "--role", "is school, district, city, auditor or operator");
  const access::HashedPassword password = offline.accounts->hash(read_secret(arguments.password), arguments.name);
  const std::string said = offline.store.write([&](store::Session& session) {
    const access::Account made =
        offline.accounts->create(session, {arguments.name, *role, arguments.districts, arguments.schools}, password);
    offline.note(session, "account.create", access::subject_of(made));
    std::string line = access::subject_of(made), factor;
    // The factor first, since setting one ends sessions.
    if (arguments.second_factor) factor = " " + offline.accounts->set_second_factor(session, made.number, "Catchment");
    if (arguments.token) line += " " + offline.open_token(session, made);
    return line + factor;
  });
  std::cout << said << std::endl;
  return 0;
}

struct TokenArguments {
  KeyedStore at;
  std::string name;
};

int make_token(const TokenArguments& arguments) {
  OfflineAccounts offline(arguments.at);
  const std::string token = offline.store.write([&](store::Session& session) {
    for (const access::Account& account : offline.accounts->list(session)) {
      if (account.facts.name != arguments.name) continue;
      return offline.open_token(session, account);
    }
    throw InputError("account_unknown", arguments.name, "there is no such account");
  });
  std::cout << token << std::endl;
  return 0;
}

struct PurgeArguments {
  KeyedStore at;
  std::string season;
};

int purge(const PurgeArguments& arguments) {
  OfflineAccounts offline(arguments.at);
  if (offline.ring.find(arguments.season) == nullptr)
    throw InputError("key_unknown", arguments.season, "the ring has no key for this season");
  offline.store.write([&](store::Session& session) { offline.note(session, "store.purge", arguments.season); });
  offline.ring.destroy(arguments.season);
  std::cout << "The key of season " << arguments.season << " is destroyed: no personal field of it can be read again."
            << std::endl;
  return 0;
}

}  // namespace

void declare_season(CLI::App& app, HostOptions& options) {
  app.add_option("--store", options.store, "Keep a season: sqlite:PATH or postgresql://...");
  app.add_option("--keys", options.keys, "Key ring of the store, made if it is not there");
  app.add_option("--policy", options.policy, "Policy pack of the season")->check(CLI::ExistingFile);
  app.add_option(
         "--season", options.season,
         "Folder with season.csv, schools.csv, zones.csv and sites.csv; without it, the package's schools and zones")
      ->check(CLI::ExistingDirectory);
  app.add_option("--rules", options.rules, "The city's rules of demand and seats; those shipped if not given")
      ->check(CLI::ExistingFile);
  app.add_option("--mappings", options.mappings,
                 "Folder of mappings by which offices may upload files; without it, no uploads")
      ->check(CLI::ExistingDirectory);
  app.add_option("--new-packages", options.new_packages,
                 "Folder for packages made of confirmed uploads. Default: the package's")
      ->check(CLI::ExistingDirectory);
  app.add_option("--importer", options.importer, "The program that reads uploads; catchment beside this one");
  app.add_option("--texts", options.texts, "For development: a file that messages to guardians are appended to");
  app.add_option("--oidc", options.oidc, "JSON file of the bureau's identity provider, at which staff then sign in")
      ->check(CLI::ExistingFile)
      ->needs("--store");
  app.add_flag("--sm", options.sm_suite, "Seal with SM4 and SM3 where a key is made now");
  app.add_flag("--rehearsal", options.rehearsal, "The season's clock can be set, and homes given by zone");
  app.add_option("--clock", options.clock, "Of a rehearsal: where its clock begins (2024-06-11T08:00)");
  app.add_option("--door-opens", options.door_opens,
                 "Opening day: families may sign in from then on, and wait their turn (2024-06-11T08:00)")
      ->needs("--store");
  app.add_option("--door-rate", options.door_rate, "So many families a second; 0 holds all")->capture_default_str();
}

void declare_commands(CLI::App& app, std::function<int()>& command) {
  {
    auto url = std::make_shared<std::string>(), file = std::make_shared<std::string>();
    CLI::App* sub = app.add_subcommand("backup", "Write a store to one file, also beside a running service");
    sub->add_option("--store", *url, "sqlite:PATH or postgresql://...")->required();
    sub->add_option("file", *file, "To write")->required();
    sub->callback(
        [url, file, &command] { command = [url, file] { return store::backup_command(*url, *file, std::cout); }; });
  }
  {
    auto url = std::make_shared<std::string>(), file = std::make_shared<std::string>();
    CLI::App* sub = app.add_subcommand("restore", "Fill an empty store from a backup");
    sub->add_option("file", *file, "A backup")->required()->check(CLI::ExistingFile);
    sub->add_option("--store", *url, "sqlite:PATH or postgresql://...")->required();
    sub->callback(
        [url, file, &command] { command = [url, file] { return store::restore_command(*file, *url, std::cout); }; });
  }
  {
    auto what = std::make_shared<std::string>();
    CLI::App* sub = app.add_subcommand("verify", "Check a store or a backup, its journal included");
    sub->add_option("what", *what, "A store's URL or a backup")->required();
    sub->callback([what, &command] { command = [what] { return store::verify_command(*what, std::cout); }; });
  }
  {
    auto arguments = std::make_shared<AccountArguments>();
    CLI::App* sub = app.add_subcommand("account", "Make an account of staff");
    declare_keyed(*sub, arguments->at);
    sub->add_option("--name", arguments->name, "A work name, no person's")->required();
    sub->add_option("--role", arguments->role, "school, district, city, auditor or operator")->required();
    sub->add_option("--district", arguments->districts, "Of a district officer");
    sub->add_option("--school", arguments->schools, "Of a school's clerk");
    sub->add_option("--password-file", arguments->password, "Its first line is the password")->required();
    sub->add_flag("--token", arguments->token, "Print a bearer token for scripts, too");
    sub->add_flag("--second-factor", arguments->second_factor, "Set up a second factor and print its otpauth: address");
    sub->callback([arguments, &command] { command = [arguments] { return make_account(*arguments); }; });
  }
  {
    auto arguments = std::make_shared<TokenArguments>();
    CLI::App* sub = app.add_subcommand("token", "A bearer token for a script that acts for an account");
    declare_keyed(*sub, arguments->at);
    sub->add_option("--name", arguments->name, "The account's name")->required();
    sub->callback([arguments, &command] { command = [arguments] { return make_token(*arguments); }; });
  }
  {
    auto arguments = std::make_shared<PurgeArguments>();
    CLI::App* sub = app.add_subcommand("purge", "Destroy the key of a season that is over");
    declare_keyed(*sub, arguments->at);
    sub->add_option("season", arguments->season, "Label of the season's key")->required();
    sub->callback([arguments, &command] { command = [arguments] { return purge(*arguments); }; });
  }
}

}  // namespace catchment
