// Is a text well-formed XML, and what does it hold?
#pragma once

#include <expat.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace catchment::testing {

struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;
};

struct XmlContent {
  std::string error;  // empty: well-formed
  std::vector<XmlElement> elements;
  std::string text;

  std::size_t count(const std::string& name) const {
    return static_cast<std::size_t>(std::ranges::count(elements, name, &XmlElement::name));
  }
};

inline XmlContent read_xml(const std::string& document) {
  XmlContent content;
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"), XML_ParserFree);
  XML_SetUserData(parser.get(), &content);
  XML_SetStartElementHandler(parser.get(), [](void* data, const XML_Char* name, const XML_Char** attributes) {
    XmlElement element{name, {}};
    for (; *attributes != nullptr; attributes += 2) element.attributes[attributes[0]] = attributes[1];
    static_cast<XmlContent*>(data)->elements.push_back(std::move(element));
  });
  XML_SetCharacterDataHandler(parser.get(), [](void* data, const XML_Char* text, int length) {
    static_cast<XmlContent*>(data)->text.append(text, static_cast<std::size_t>(length));
  });
  if (XML_Parse(parser.get(), document.data(), static_cast<int>(document.size()), 1) != XML_STATUS_OK) {
    content.error = std::string(XML_ErrorString(XML_GetErrorCode(parser.get()))) + " in line " +
                    std::to_string(XML_GetCurrentLineNumber(parser.get()));
  }
  return content;
}

}  // namespace catchment::testing
