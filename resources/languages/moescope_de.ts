<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>complaints</name>
    <message>
        <source>A capture has no scores that a concentration could multiply.</source>
        <translation>Ein Mitschnitt hat keine Werte, die eine Konzentration vervielfachen könnte.</translation>
    </message>
    <message>
        <source>%1: tensor "%2": expected shape [%3, experts], found %4</source>
        <translation>%1: Tensor "%2": erwartet Form [%3, Experten], gefunden %4</translation>
    </message>
    <message>
        <source>%1: this libav does not know the option %2</source>
        <translation>%1: dieses libav kennt die Option %2 nicht</translation>
    </message>
    <message>
        <source>%1: ambiguous: %2 ids fill both %3; expected --capture-shape LAYERS,K</source>
        <translation>%1: mehrdeutig: %2 Nummern füllen jede von %3; erwartet --capture-shape SCHICHTEN,K</translation>
    </message>
    <message>
        <source> of sequence %1</source>
        <translation> der Folge %1</translation>
    </message>
    <message>
        <source>a negative or huge one</source>
        <translation>eine negative oder riesige</translation>
    </message>
    <message>
        <source> (no dtype is beside it: taken as int32)</source>
        <translation> (kein dtype daneben: als int32 genommen)</translation>
    </message>
    <message>
        <source>%1: there is no tensor "%2_bias": experts of family %3 have biases</source>
        <translation>%1: es gibt keinen Tensor "%2_bias": Experten der Familie %3 haben Bias</translation>
    </message>
    <message>
        <source>%1: tensor "%2": %3 rows, of which %4 are to be identities without weights</source>
        <translation>%1: Tensor "%2": %3 Zeilen, von denen %4 Identitäten ohne Gewichte sein sollen</translation>
    </message>
    <message>
        <source>%1: there is no tensor "%2": shared experts of family %3 have a gate</source>
        <translation>%1: es gibt keinen Tensor "%2": geteilte Experten der Familie %3 haben ein Gate</translation>
    </message>
    <message>
        <source>an empty file</source>
        <translation>eine leere Datei</translation>
    </message>
    <message>
        <source>something that is no file</source>
        <translation>etwas, das keine Datei ist</translation>
    </message>
    <message>
        <source>%1: expected ids of shape [tokens, layers, k] or [tokens, k], found %2</source>
        <translation>%1: erwartet Nummern der Form [Token, Schichten, k] oder [Token, k], gefunden %2</translation>
    </message>
    <message>
        <source>%1: expected ids of shape %2, found %3</source>
        <translation>%1: erwartet Nummern der Form %2, gefunden %3</translation>
    </message>
    <message>
        <source>%1: expected at most 100000 layers and 4096 experts a token</source>
        <translation>%1: erwartet höchstens 100000 Schichten und 4096 Experten je Token</translation>
    </message>
    <message>
        <source>%1: expected the same layers and k in every sequence</source>
        <translation>%1: erwartet in jeder Folge dieselben Schichten und dasselbe k</translation>
    </message>
    <message>
        <source>%1: expected the same layers in every sequence</source>
        <translation>%1: erwartet in jeder Folge dieselben Schichten</translation>
    </message>
    <message>
        <source>%1: token %2%3, layer %4: expected expert ids from 0 to %5, found %6%7</source>
        <translation>%1: Token %2%3, Schicht %4: erwartet Nummern von Experten von 0 bis %5, gefunden %6%7</translation>
    </message>
    <message>
        <source>%1: expected a capture of routing: .npy, .npz, JSON or CSV, or beside a checkpoint a trace that is named .safetensors (docs/trace.md)</source>
        <translation>%1: erwartet ein Mitschnitt von Routing: .npy, .npz, JSON oder CSV, oder neben einem Checkpoint ein Trace, das auf .safetensors endet (docs/trace.md)</translation>
    </message>
    <message>
        <source>%1: expected a token that is not padding, found %2 with ids of -1 only, or one id in every layer</source>
        <translation>%1: erwartet ein Token, das keine Auffüllung ist, gefunden %2 mit lauter Nummern -1, oder einer Nummer in jeder Schicht</translation>
    </message>
    <message>
        <source>%1: expected a regular file</source>
        <translation>%1: erwartet eine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>%1: %2 bytes; a capture has at most %3</source>
        <translation>%1: %2 Bytes; ein Mitschnitt hat höchstens %3</translation>
    </message>
    <message>
        <source>%1: expected %2 layers as in the model or %3 with a router, found %4</source>
        <translation>%1: erwartet %2 Schichten wie im Modell oder %3 mit einem Router, gefunden %4</translation>
    </message>
    <message>
        <source>%1: nothing is left without identical rows: all tokens are padding</source>
        <translation>%1: ohne gleiche Zeilen bleibt nichts übrig: alle Token sind Auffüllung</translation>
    </message>
    <message>
        <source>%1: expected hidden.L of an MoE layer of the checkpoint; these are %2</source>
        <translation>%1: erwartet hidden.L einer MoE-Schicht des Checkpoints; das sind %2</translation>
    </message>
    <message>
        <source>%1: no such file or folder</source>
        <translation>%1: es gibt keine solche Datei und keinen solchen Ordner</translation>
    </message>
    <message>
        <source>%1: expected a checkpoint folder, its config.json, a .safetensors or .gguf file, or a capture (.npy, .npz, .json, .jsonl, .csv)</source>
        <translation>%1: erwartet ein Ordner mit einem Checkpoint, seine config.json, eine .safetensors- oder .gguf-Datei, oder ein Mitschnitt (.npy, .npz, .json, .jsonl, .csv)</translation>
    </message>
    <message>
        <source>%1: expected a config.json beside it, or a routing trace</source>
        <translation>%1: erwartet eine config.json daneben, oder ein Routing-Trace</translation>
    </message>
    <message>
        <source>%1: a trace needs its checkpoint, and %2 is a capture</source>
        <translation>%1: ein Trace braucht seinen Checkpoint, und %2 ist ein Mitschnitt</translation>
    </message>
    <message>
        <source>%1: a checkpoint; shape, experts and rows to leave out are told of captures only</source>
        <translation>%1: ein Checkpoint; Form, Experten und wegzulassende Zeilen sagt man nur zu Mitschnitten</translation>
    </message>
    <message>
        <source>%1: layer %2 cannot be shown: %3</source>
        <translation>%1: Schicht %2 lässt sich nicht zeigen: %3</translation>
    </message>
    <message>
        <source>%1: layer %2: numbers are of the shown tokens alone: %3</source>
        <translation>%1: Schicht %2: die Zahlen sind die der gezeigten Token allein: %3</translation>
    </message>
    <message>
        <source>%1: tensor "%2": a factor is 0: what the experts are given does not tell what the router reads</source>
        <translation>%1: Tensor "%2": ein Faktor ist 0: was die Experten bekommen, sagt nicht, was der Router liest</translation>
    </message>
    <message>
        <source>%1: there is no MoE layer %2</source>
        <translation>%1: es gibt keine MoE-Schicht %2</translation>
    </message>
    <message>
        <source>%1: layer %2 has no expert %3</source>
        <translation>%1: Schicht %2 hat keinen Experten %3</translation>
    </message>
    <message>
        <source>%1: expected a safetensors file, found %2</source>
        <translation>%1: erwartet eine safetensors-Datei, gefunden %2</translation>
    </message>
    <message>
        <source>%1: byte %2 cannot be read: %3</source>
        <translation>%1: Byte %2 lässt sich nicht lesen: %3</translation>
    </message>
    <message>
        <source>%1: the file ends at byte %2, expected %3: it has become shorter since it was opened</source>
        <translation>%1: die Datei endet bei Byte %2, erwartet %3: sie ist kürzer geworden, seit sie geöffnet wurde</translation>
    </message>
    <message>
        <source>%1: cannot be read, or larger than 100 MB</source>
        <translation>%1: lässt sich nicht lesen, oder größer als 100 MB</translation>
    </message>
    <message>
        <source>%1: JSON nested deeper than 8; expected weight_map</source>
        <translation>%1: JSON tiefer verschachtelt als 8; erwartet weight_map</translation>
    </message>
    <message>
        <source>%1: tensor "%2" is also in another shard</source>
        <translation>%1: Tensor "%2" ist auch in einem anderen Teil</translation>
    </message>
    <message>
        <source>%1: expected an object "weight_map" from tensor to file</source>
        <translation>%1: erwartet ein Objekt "weight_map" von Tensor zu Datei</translation>
    </message>
    <message>
        <source>%1: weight_map of "%2": expected a file name</source>
        <translation>%1: weight_map von "%2": erwartet der Name einer Datei</translation>
    </message>
    <message>
        <source>%1: weight_map of "%2": expected a plain file name in the same folder</source>
        <translation>%1: weight_map von "%2": erwartet der einfache Name einer Datei im selben Ordner</translation>
    </message>
    <message>
        <source>%1: tensor "%2" is not in %3</source>
        <translation>%1: Tensor "%2" ist nicht in %3</translation>
    </message>
    <message>
        <source>%1: expected model.safetensors or model.safetensors.index.json in this folder</source>
        <translation>%1: erwartet model.safetensors oder model.safetensors.index.json in diesem Ordner</translation>
    </message>
    <message>
        <source>%1: there is no tensor "%2"</source>
        <translation>%1: es gibt keinen Tensor "%2"</translation>
    </message>
    <message>
        <source>%1: tensor "%2" holds %3 bytes, not as many as were expected</source>
        <translation>%1: Tensor "%2" enthält %3 Bytes, nicht so viele wie erwartet</translation>
    </message>
    <message>
        <source>%1: expected whole blocks of %2 values (%3)</source>
        <translation>%1: erwartet ganze Blöcke von %2 Werten (%3)</translation>
    </message>
    <message>
        <source>%1: tensor "%2" holds %3 numbers, not as many as were expected</source>
        <translation>%1: Tensor "%2" enthält %3 Zahlen, nicht so viele wie erwartet</translation>
    </message>
    <message>
        <source>a list of knobs and settings of the lens</source>
        <translation>eine Liste von Reglern und Einstellungen der Linse</translation>
    </message>
    <message>
        <source>a list of views, knobs and settings of the lens</source>
        <translation>eine Liste von Ansichten, Reglern und Einstellungen der Linse</translation>
    </message>
    <message>
        <source>%1: member %2</source>
        <translation>%1: Eintrag %2</translation>
    </message>
    <message>
        <source>a list of how many frames each page has, %1 in all</source>
        <translation>eine Liste, wie viele Bilder jede Seite hat, zusammen %1</translation>
    </message>
    <message>
        <source>seconds after the key frame before, at most 3600</source>
        <translation>Sekunden nach dem Schlüsselbild davor, höchstens 3600</translation>
    </message>
    <message>
        <source>0 in the first key frame</source>
        <translation>0 im ersten Schlüsselbild</translation>
    </message>
    <message>
        <source>a block of JSON does not end; expected ```</source>
        <translation>ein Block JSON endet nicht; erwartet ```</translation>
    </message>
    <message>
        <source>expected a JSON object in this block</source>
        <translation>erwartet ein JSON-Objekt in diesem Block</translation>
    </message>
    <message>
        <source>'%1' is no time of a key frame; expected seconds such as 4.5, or 1:04</source>
        <translation>'%1' ist keine Zeit eines Schlüsselbilds; erwartet Sekunden wie 4.5, oder 1:04</translation>
    </message>
    <message>
        <source>%1: %2 MB are left on its disk</source>
        <translation>%1: %2 MB sind auf seinem Datenträger noch frei</translation>
    </message>
    <message>
        <source>the film is left as fragments, which some players show only in part (%1)</source>
        <translation>der Film bleibt in Stücken, die manche Programme nur zum Teil zeigen (%1)</translation>
    </message>
    <message>
        <source>stopped; nothing was drawn</source>
        <translation>angehalten; nichts wurde gezeichnet</translation>
    </message>
    <message>
        <source>no such kind of film</source>
        <translation>keine solche Art Film</translation>
    </message>
    <message>
        <source>the encoder %1 could not be opened</source>
        <translation>der Encoder %1 ließ sich nicht öffnen</translation>
    </message>
    <message>
        <source>the film's head</source>
        <translation>der Kopf des Films</translation>
    </message>
    <message>
        <source>the film's head could not be written</source>
        <translation>der Kopf des Films ließ sich nicht schreiben</translation>
    </message>
    <message>
        <source>memory for a frame</source>
        <translation>Speicher für ein Bild</translation>
    </message>
    <message>
        <source>the film's end could not be written</source>
        <translation>das Ende des Films ließ sich nicht schreiben</translation>
    </message>
    <message>
        <source>a frame could not be encoded</source>
        <translation>ein Bild ließ sich nicht kodieren</translation>
    </message>
    <message>
        <source>cannot be read again</source>
        <translation>lässt sich nicht noch einmal lesen</translation>
    </message>
    <message>
        <source>an unknown error in the window</source>
        <translation>ein unbekannter Fehler im Fenster</translation>
    </message>
    <message>
        <source>expected a translations file of Qt Linguist (&lt;TS&gt;)</source>
        <translation>erwartet eine Übersetzungsdatei von Qt Linguist (&lt;TS&gt;)</translation>
    </message>
    <message>
        <source>%1: this picture cannot be read</source>
        <translation>%1: dieses Bild lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>%1: click a character, or go to it with the arrow keys, to follow it through all views</source>
        <translation>%1: ein Zeichen anklicken oder mit den Pfeiltasten ansteuern, um ihm durch alle Ansichten zu folgen</translation>
    </message>
    <message>
        <source>%1: model of step %2</source>
        <translation>%1: Modell von Schritt %2</translation>
    </message>
    <message>
        <source>%1: .npy header: expected 1 to %2 ids, found shape with side %3</source>
        <translation>%1: .npy-Kopf: erwartet 1 bis %2 Nummern, gefunden eine Form mit der Seite %3</translation>
    </message>
    <message>
        <source>%1: .npy header states shape %2 of %3 bytes each, but %4 bytes follow</source>
        <translation>%1: der .npy-Kopf nennt die Form %2 von je %3 Bytes, aber %4 Bytes folgen</translation>
    </message>
    <message>
        <source>%1: expected an array routed_experts, or only one; found %2</source>
        <translation>%1: erwartet ein Feld routed_experts, oder nur eines; gefunden %2</translation>
    </message>
    <message>
        <source>array "%1" looks like routing and is left aside</source>
        <translation>Feld "%1" sieht nach Routing aus und bleibt beiseite</translation>
    </message>
    <message>
        <source>%1: expected an integer type such as int32 or uint8, found "%2"</source>
        <translation>%1: erwartet ein ganzzahliger Typ wie int32 oder uint8, gefunden "%2"</translation>
    </message>
    <message>
        <source>%1: expected whole numbers of %2 bits, found %3 bytes</source>
        <translation>%1: erwartet ganze Zahlen von %2 Bits, gefunden %3 Bytes</translation>
    </message>
    <message>
        <source>%1: expected at most %2 ids</source>
        <translation>%1: erwartet höchstens %2 Nummern</translation>
    </message>
    <message>
        <source>a whole number as "%1"</source>
        <translation>eine ganze Zahl als "%1"</translation>
    </message>
    <message>
        <source>%1%2: expected at most %3 activations in all</source>
        <translation>%1%2: erwartet höchstens %3 Aktivierungen insgesamt</translation>
    </message>
    <message>
        <source>"layer", "token_idx" and "expert_idx" from 0 on</source>
        <translation>"layer", "token_idx" und "expert_idx" ab 0</translation>
    </message>
    <message>
        <source>%1%2: not JSON at byte %3: %4</source>
        <translation>%1%2: kein JSON bei Byte %3: %4</translation>
    </message>
    <message>
        <source>%1%2: JSON nested deeper than 64</source>
        <translation>%1%2: JSON tiefer verschachtelt als 64</translation>
    </message>
    <message>
        <source>%1, activation %2: expected %3</source>
        <translation>%1, Aktivierung %2: erwartet %3</translation>
    </message>
    <message>
        <source>a trace without activations: left out</source>
        <translation>ein Trace ohne Aktivierungen: weggelassen</translation>
    </message>
    <message>
        <source>%1: expected "num_experts" up to %2</source>
        <translation>%1: erwartet "num_experts" bis %2</translation>
    </message>
    <message>
        <source>"top_k" says %1 experts a token; the activations hold %2</source>
        <translation>"top_k" sagt %1 Experten je Token; die Aktivierungen enthalten %2</translation>
    </message>
    <message>
        <source>%1: expected a trace with activations</source>
        <translation>%1: erwartet ein Trace mit Aktivierungen</translation>
    </message>
    <message>
        <source>every layer begins with all its experts once each: the tracer read llama.cpp's view of the top k without its gaps, and ids of all but the first token of a batch are wrong; record it anew</source>
        <translation>jede Schicht beginnt mit allen ihren Experten je einmal: der Mitschnitt las llama.cpps Sicht der besten k ohne ihre Lücken, und alle Nummern außer denen des ersten Tokens eines Batches sind falsch; bitte neu aufzeichnen</translation>
    </message>
    <message>
        <source>%1: %2 (or say --capture-shape LAYERS,K)</source>
        <translation>%1: %2 (oder --capture-shape SCHICHTEN,K angeben)</translation>
    </message>
    <message>
        <source>%1 experts a token: the rows do not tell where a token ends; taken as the largest number of which no token has one expert twice (else --capture-shape LAYERS,K)</source>
        <translation>%1 Experten je Token: die Zeilen sagen nicht, wo ein Token endet; genommen ist die größte Zahl, bei der kein Token einen Experten zweimal hat (sonst --capture-shape SCHICHTEN,K)</translation>
    </message>
    <message>
        <source>%1: expected rows that k experts a token divide</source>
        <translation>%1: erwartet Zeilen, die k Experten je Token teilen</translation>
    </message>
    <message>
        <source>%1: layer %2: expected rows for %3 experts a token, found %4 rows</source>
        <translation>%1: Schicht %2: erwartet Zeilen für %3 Experten je Token, gefunden %4 Zeilen</translation>
    </message>
    <message>
        <source>%1: layer %2: expected %3 different experts for every token</source>
        <translation>%1: Schicht %2: erwartet %3 verschiedene Experten für jedes Token</translation>
    </message>
    <message>
        <source>column "%1": left aside</source>
        <translation>Spalte "%1": bleibt beiseite</translation>
    </message>
    <message>
        <source>%1, line %2: expected %3, found '%4'</source>
        <translation>%1, Zeile %2: erwartet %3, gefunden '%4'</translation>
    </message>
    <message>
        <source>%1 fields</source>
        <translation>%1 Felder</translation>
    </message>
    <message>
        <source>a whole number from 0 on as %1</source>
        <translation>eine ganze Zahl ab 0 als %1</translation>
    </message>
    <message>
        <source>a layer below 100000</source>
        <translation>eine Schicht unter 100000</translation>
    </message>
    <message>
        <source>an expert below %1</source>
        <translation>ein Experte unter %1</translation>
    </message>
    <message>
        <source>at most %1 rows</source>
        <translation>höchstens %1 Zeilen</translation>
    </message>
    <message>
        <source>%1: expected rows below the names of columns</source>
        <translation>%1: erwartet Zeilen unter den Namen der Spalten</translation>
    </message>
    <message>
        <source> (%1 times)</source>
        <translation> (%1-mal)</translation>
    </message>
    <message>
        <source>further names: %1</source>
        <translation>weitere Namen: %1</translation>
    </message>
    <message>
        <source>looks like routing and is left aside</source>
        <translation>sieht nach Routing aus und bleibt beiseite</translation>
    </message>
    <message>
        <source>null: a response without ids</source>
        <translation>null: eine Antwort ohne Nummern</translation>
    </message>
    <message>
        <source>empty: a response without ids</source>
        <translation>leer: eine Antwort ohne Nummern</translation>
    </message>
    <message>
        <source>above 0: the engine left out the tokens before it</source>
        <translation>über 0: die Engine ließ die Token davor weg</translation>
    </message>
    <message>
        <source>base64 without a dtype beside it: taken as int32, as SGLang writes it</source>
        <translation>base64 ohne dtype daneben: als int32 genommen, wie SGLang es schreibt</translation>
    </message>
    <message>
        <source>base64 without a dtype beside it: taken as %1, as its shape tells</source>
        <translation>base64 ohne dtype daneben: als %1 genommen, wie seine Form sagt</translation>
    </message>
    <message>
        <source>the dtype %1 that was told: the file tells its own</source>
        <translation>der gesagte dtype %1: die Datei nennt ihren eigenen</translation>
    </message>
    <message>
        <source>%1: base64 without a dtype beside it could be int32 or int64; expected --capture-dtype</source>
        <translation>%1: base64 ohne dtype daneben könnte int32 oder int64 sein; erwartet --capture-dtype</translation>
    </message>
    <message>
        <source>whole numbers in lists</source>
        <translation>ganze Zahlen in Listen</translation>
    </message>
    <message>
        <source>%1: expected "data" in it</source>
        <translation>%1: erwartet "data" darin</translation>
    </message>
    <message>
        <source>%1: expected a shape of whole numbers</source>
        <translation>%1: erwartet eine Form aus ganzen Zahlen</translation>
    </message>
    <message>
        <source>%1: not JSON at byte %2: %3</source>
        <translation>%1: kein JSON bei Byte %2: %3</translation>
    </message>
    <message>
        <source>%1: expected "data" once</source>
        <translation>%1: erwartet "data" einmal</translation>
    </message>
    <message>
        <source>%1: states shape %2, found %3</source>
        <translation>%1: nennt die Form %2, gefunden %3</translation>
    </message>
    <message>
        <source>%1: base64 without a dtype beside it, and no int32 below %2; expected --capture-dtype (possible: %3)</source>
        <translation>%1: base64 ohne dtype daneben, und keine int32 unter %2; erwartet --capture-dtype (möglich: %3)</translation>
    </message>
    <message>
        <source>%1: base64 without a dtype beside it, and no integers of it are expert ids below %2</source>
        <translation>%1: base64 ohne dtype daneben, und keine ganzen Zahlen daraus sind Expertennummern unter %2</translation>
    </message>
    <message>
        <source>%1: states shape %2 of %3 bytes each, found %4 bytes</source>
        <translation>%1: nennt die Form %2 von je %3 Bytes, gefunden %4 Bytes</translation>
    </message>
    <message>
        <source>%1: expected a shape of 1 to %2 ids, found %3</source>
        <translation>%1: erwartet eine Form von 1 bis %2 Nummern, gefunden %3</translation>
    </message>
    <message>
        <source>%1: expected at most %2 ids in all</source>
        <translation>%1: erwartet höchstens %2 Nummern insgesamt</translation>
    </message>
    <message>
        <source>at least one id</source>
        <translation>mindestens eine Nummer</translation>
    </message>
    <message>
        <source>%1: JSON nested deeper than 64</source>
        <translation>%1: JSON tiefer verschachtelt als 64</translation>
    </message>
    <message>
        <source>%1: expected a shape of two or three sides</source>
        <translation>%1: erwartet eine Form mit zwei oder drei Seiten</translation>
    </message>
    <message>
        <source>%1: there is no "routed_experts" in this JSON</source>
        <translation>%1: es gibt kein "routed_experts" in diesem JSON</translation>
    </message>
    <message>
        <source>%1: there is no "routed_experts" in this JSON with ids; %2</source>
        <translation>%1: es gibt kein "routed_experts" mit Nummern in diesem JSON; %2</translation>
    </message>
    <message>
        <source>at most three levels of lists</source>
        <translation>höchstens drei Ebenen von Listen</translation>
    </message>
    <message>
        <source>lists of equal depth</source>
        <translation>Listen von gleicher Tiefe</translation>
    </message>
    <message>
        <source>lists of equal length</source>
        <translation>Listen von gleicher Länge</translation>
    </message>
    <message>
        <source>at most %1 ids</source>
        <translation>höchstens %1 Nummern</translation>
    </message>
    <message>
        <source>%1: token %2, layer %3: expected %4 different experts, found %5 twice</source>
        <translation>%1: Token %2, Schicht %3: erwartet %4 verschiedene Experten, gefunden %5 zweimal</translation>
    </message>
    <message>
        <source>layer %1: %2 of %3 tokens: left out, since every token must have every layer</source>
        <translation>Schicht %1: %2 von %3 Token: weggelassen, denn jedes Token muss jede Schicht haben</translation>
    </message>
    <message>
        <source>layers %1: %2 of %3 tokens in the first of them: left out, since every token must have every layer</source>
        <translation>Schichten %1: %2 von %3 Token in der ersten davon: weggelassen, denn jedes Token muss jede Schicht haben</translation>
    </message>
    <message>
        <source>%1: expected at least one choice of an expert</source>
        <translation>%1: erwartet mindestens eine Wahl eines Experten</translation>
    </message>
    <message>
        <source>%1: token %2, layer %3: expected as many experts as every other token has there and in the other layers, about %4</source>
        <translation>%1: Token %2, Schicht %3: erwartet so viele Experten, wie jedes andere Token dort und in den anderen Schichten hat, etwa %4</translation>
    </message>
    <message>
        <source>%1: expected encoding base64 or base85, found "%2"</source>
        <translation>%1: erwartet Kodierung base64 oder base85, gefunden "%2"</translation>
    </message>
    <message>
        <source>%1: could be base64 or base85; expected "encoding" beside it</source>
        <translation>%1: könnte base64 oder base85 sein; erwartet "encoding" daneben</translation>
    </message>
    <message>
        <source>%1: expected base64, padded to a multiple of 4 characters</source>
        <translation>%1: erwartet base64, aufgefüllt auf ein Vielfaches von 4 Zeichen</translation>
    </message>
    <message>
        <source>%1: expected base64, found another character at %2</source>
        <translation>%1: erwartet base64, gefunden ein anderes Zeichen bei %2</translation>
    </message>
    <message>
        <source>%1: expected base85, in groups of 5 characters, the last of 2 or more</source>
        <translation>%1: erwartet base85 in Gruppen von 5 Zeichen, die letzte von 2 oder mehr</translation>
    </message>
    <message>
        <source>%1: expected base85, found another character at %2</source>
        <translation>%1: erwartet base85, gefunden ein anderes Zeichen bei %2</translation>
    </message>
    <message>
        <source>%1: expected base85, found a group beyond 32 bits at %2</source>
        <translation>%1: erwartet base85, gefunden eine Gruppe über 32 Bits bei %2</translation>
    </message>
    <message>
        <source>no "%1": %2, the family's default</source>
        <translation>kein "%1": %2, wie in dieser Familie üblich</translation>
    </message>
    <message>
        <source>"%1" %2 is left aside: %3 goes by "%4", %5</source>
        <translation>"%1" %2 bleibt beiseite: %3 richtet sich nach "%4", %5</translation>
    </message>
    <message>
        <source>which gives none</source>
        <translation>das keine nennt</translation>
    </message>
    <message>
        <source>"norm_topk_prob" %1 is left aside: this family's weights are always renormalised</source>
        <translation>"norm_topk_prob" %1 bleibt beiseite: die Gewichte dieser Familie werden immer renormiert</translation>
    </message>
    <message>
        <source>"norm_topk_prob" %1 is left aside: this family's weights are never renormalised</source>
        <translation>"norm_topk_prob" %1 bleibt beiseite: die Gewichte dieser Familie werden nie renormiert</translation>
    </message>
    <message>
        <source>%1: "%2" gives %3 experts, the router has %4 rows in layers %5: so many are taken</source>
        <translation>%1: "%2" nennt %3 Experten, der Router hat %4 Zeilen in den Schichten %5: so viele sind genommen</translation>
    </message>
    <message>
        <source>no</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>%1: "%2" gives %3 experts, the router has %4 rows in layer %5: so many are taken</source>
        <translation>%1: "%2" nennt %3 Experten, der Router hat %4 Zeilen in Schicht %5: so viele sind genommen</translation>
    </message>
    <message>
        <source>tensor "%1": a router outside the model's layers</source>
        <translation>Tensor "%1": ein Router außerhalb der Schichten des Modells</translation>
    </message>
    <message>
        <source>layer %1: token ids choose the experts there (%2), not the router's scores</source>
        <translation>Schicht %1: dort wählen Token-Nummern die Experten (%2), nicht die Werte des Routers</translation>
    </message>
    <message>
        <source>layer %1: after the model's last layer (%2), for multi-token prediction</source>
        <translation>Schicht %1: nach der letzten Schicht des Modells (%2), für die Vorhersage mehrerer Token</translation>
    </message>
    <message>
        <source>tensor "%1" of the MoE block of layer %2</source>
        <translation>Tensor "%1" des MoE-Blocks von Schicht %2</translation>
    </message>
    <message>
        <source>%1: %2 of %3 values; what depends on them is not a number</source>
        <translation>%1: %2 von %3 Werten; was von ihnen abhängt, ist keine Zahl</translation>
    </message>
    <message>
        <source>%1: expected a tokenizer's vocabulary; tokens are shown by number</source>
        <translation>%1: erwartet das Vokabular eines Tokenizers; Token sind mit ihrer Nummer gezeigt</translation>
    </message>
    <message>
        <source>%1; tokens are shown by number</source>
        <translation>%1; Token sind mit ihrer Nummer gezeigt</translation>
    </message>
    <message>
        <source>%1: a trace has no such tensors: %2</source>
        <translation>%1: solche Tensoren hat ein Trace nicht: %2</translation>
    </message>
    <message>
        <source>%1: domain_names: what follows the first %2 bytes of "%3"</source>
        <translation>%1: domain_names: was auf die ersten %2 Bytes von "%3" folgt</translation>
    </message>
    <message>
        <source>%1: %2 of %3 tokens: evenly spaced ones are read, %4 at most</source>
        <translation>%1: %2 von %3 Token: gleichmäßig verteilte sind gelesen, höchstens %4</translation>
    </message>
    <message>
        <source>%1: %2: %3 tokens name an expert more than once; it counts once, with its last gate</source>
        <translation>%1: %2: %3 Token nennen einen Experten mehr als einmal; er zählt einmal, mit seinem letzten Gate</translation>
    </message>
    <message>
        <source>a whole number from 1 to 1000000</source>
        <translation>eine ganze Zahl von 1 bis 1000000</translation>
    </message>
    <message>
        <source>whole numbers from 0 to 1000000</source>
        <translation>ganze Zahlen von 0 bis 1000000</translation>
    </message>
    <message>
        <source>"greedy" or "group_limited_greedy"</source>
        <translation>"greedy" oder "group_limited_greedy"</translation>
    </message>
    <message>
        <source>"softmax" or "sigmoid"</source>
        <translation>"softmax" oder "sigmoid"</translation>
    </message>
    <message>
        <source>whole numbers from 1 to 1000000</source>
        <translation>ganze Zahlen von 1 bis 1000000</translation>
    </message>
    <message>
        <source>%1: "%2" speaks of shared experts; no tensors of one, by a name that is known, are in layer %3</source>
        <translation>%1: "%2" spricht von gemeinsamen Experten; Tensoren eines solchen, unter einem bekannten Namen, fehlen in Schicht %3</translation>
    </message>
    <message>
        <source>%1 of the MoE block of layer %2</source>
        <translation>%1 des MoE-Blocks von Schicht %2</translation>
    </message>
    <message>
        <source>weights of the last %1 experts of each layer: they are identities, which give back what they are given, and have no weights to measure</source>
        <translation>Gewichte der letzten %1 Experten jeder Schicht: sie sind Identitäten, die zurückgeben, was sie bekommen, und haben keine Gewichte, die man messen könnte</translation>
    </message>
    <message>
        <source>experts %1 to %2</source>
        <translation>Experten %1 bis %2</translation>
    </message>
    <message>
        <source>expert %1</source>
        <translation>Experte %1</translation>
    </message>
    <message>
        <source>%1 and their router weight_1, which are for pictures,</source>
        <translation>%1 und ihr Router weight_1, die für Bilder da sind,</translation>
    </message>
    <message>
        <source>tensors of %1, which are identities,</source>
        <translation>Tensoren von %1, die Identitäten sind,</translation>
    </message>
    <message>
        <source>: expected scales as floats or exponents (U8), found %1</source>
        <translation>: erwartet Skalen als Gleitkommazahlen oder Exponenten (U8), gefunden %1</translation>
    </message>
    <message>
        <source>: expected scales as floats, found %1</source>
        <translation>: erwartet Skalen als Gleitkommazahlen, gefunden %1</translation>
    </message>
    <message>
        <source>numbers of at least 0, or null</source>
        <translation>Zahlen von mindestens 0, oder null</translation>
    </message>
    <message>
        <source>two whole numbers, for text and for pictures</source>
        <translation>zwei ganze Zahlen, für Text und für Bilder</translation>
    </message>
    <message>
        <source>it has two stacks of layers, one that encodes and one that denoises, with experts in each</source>
        <translation>sie hat zwei Stapel von Schichten, einen kodierenden und einen entrauschenden, mit Experten in beiden</translation>
    </message>
    <message>
        <source>its router is a small network with a state that passes from layer to layer</source>
        <translation>ihr Router ist ein kleines Netz mit einem Zustand, der von Schicht zu Schicht geht</translation>
    </message>
    <message>
        <source>its router weighs routed and shared experts together</source>
        <translation>ihr Router gewichtet geroutete und gemeinsame Experten zusammen</translation>
    </message>
    <message>
        <source>it runs through the same layers several times, so that a layer has more than one routing of a token</source>
        <translation>sie durchläuft dieselben Schichten mehrmals, sodass eine Schicht mehr als ein Routing eines Tokens hat</translation>
    </message>
    <message>
        <source>its experts lie between two projections and norms of their own</source>
        <translation>ihre Experten liegen zwischen zwei eigenen Projektionen und Normen</translation>
    </message>
    <message>
        <source>its experts have a capacity, so that a token's routing depends on the other tokens</source>
        <translation>ihre Experten haben eine Kapazität, sodass das Routing eines Tokens von den anderen Tokens abhängt</translation>
    </message>
    <message>
        <source>its experts are single vectors found by a product of keys</source>
        <translation>ihre Experten sind einzelne Vektoren, die ein Produkt von Schlüsseln findet</translation>
    </message>
    <message>
        <source>a number for each of %1 layers</source>
        <translation>eine Zahl für jede von %1 Schichten</translation>
    </message>
    <message>
        <source>"silu", which this family's capped SwiGLU is built on</source>
        <translation>"silu", worauf das begrenzte SwiGLU dieser Familie aufbaut</translation>
    </message>
    <message>
        <source>"silu", which this family's clamped SwiGLU is built on</source>
        <translation>"silu", worauf das beschnittene SwiGLU dieser Familie aufbaut</translation>
    </message>
    <message>
        <source>one of %1</source>
        <translation>eines von %1</translation>
    </message>
    <message>
        <source>"average" or "sum"</source>
        <translation>"average" oder "sum"</translation>
    </message>
    <message>
        <source>a layer number after 'hidden.'</source>
        <translation>die Nummer einer Schicht nach 'hidden.'</translation>
    </message>
    <message>
        <source>a shape [tokens, width]</source>
        <translation>eine Form [Token, Breite]</translation>
    </message>
    <message>
        <source>%1 tokens as in the other layers</source>
        <translation>%1 Token wie in den anderen Schichten</translation>
    </message>
    <message>
        <source>a shape [%1, n]</source>
        <translation>eine Form [%1, n]</translation>
    </message>
    <message>
        <source>integers</source>
        <translation>ganze Zahlen</translation>
    </message>
    <message>
        <source>the shape of %1</source>
        <translation>die Form von %1</translation>
    </message>
    <message>
        <source>finite numbers, found %1 others in %2</source>
        <translation>endliche Zahlen, gefunden %1 andere unter %2</translation>
    </message>
    <message>
        <source>integers of shape [%1]</source>
        <translation>ganze Zahlen der Form [%1]</translation>
    </message>
    <message>
        <source>numbers from 0 to %1</source>
        <translation>Zahlen von 0 bis %1</translation>
    </message>
    <message>
        <source>one integer</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>at most 65536 bytes, U8</source>
        <translation>höchstens 65536 Bytes, U8</translation>
    </message>
    <message>
        <source>width %1 as in the checkpoint</source>
        <translation>Breite %1 wie im Checkpoint</translation>
    </message>
    <message>
        <source>%1 columns, one for each expert</source>
        <translation>%1 Spalten, eine je Experte</translation>
    </message>
    <message>
        <source>ids from 0 to %1</source>
        <translation>Nummern von 0 bis %1</translation>
    </message>
    <message>
        <source>array</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>expected each of descr, fortran_order and shape once</source>
        <translation>erwartet descr, fortran_order und shape je einmal</translation>
    </message>
    <message>
        <source>expected nothing after the dictionary</source>
        <translation>erwartet nichts nach dem Dictionary</translation>
    </message>
    <message>
        <source>expected descr, fortran_order and shape</source>
        <translation>erwartet descr, fortran_order und shape</translation>
    </message>
    <message>
        <source>expected '%1'</source>
        <translation>erwartet '%1'</translation>
    </message>
    <message>
        <source>expected a quoted word (plain arrays of numbers only)</source>
        <translation>erwartet ein Wort in Anführungszeichen (nur einfache Felder von Zahlen)</translation>
    </message>
    <message>
        <source>expected a closing quote</source>
        <translation>erwartet ein schließendes Anführungszeichen</translation>
    </message>
    <message>
        <source>expected True or False</source>
        <translation>erwartet True oder False</translation>
    </message>
    <message>
        <source>expected a size that fits in 63 bits</source>
        <translation>erwartet eine Größe, die in 63 Bits passt</translation>
    </message>
    <message>
        <source>expected a size of zero or more</source>
        <translation>erwartet eine Größe ab null</translation>
    </message>
    <message>
        <source>a known kind of choice</source>
        <translation>eine bekannte Art der Wahl</translation>
    </message>
    <message>
        <source>as much as its shapes say</source>
        <translation>so viel, wie seine Formen sagen</translation>
    </message>
    <message>
        <source>a tensor of this name</source>
        <translation>ein Tensor dieses Namens</translation>
    </message>
    <message>
        <source>%1 of %2 dimensions</source>
        <translation>%1 mit %2 Dimensionen</translation>
    </message>
    <message>
        <source>a smaller shape</source>
        <translation>eine kleinere Form</translation>
    </message>
    <message>
        <source>no more than there are tensors</source>
        <translation>nicht mehr, als es Tensoren gibt</translation>
    </message>
    <message>
        <source>there is no number called '%1'</source>
        <translation>es gibt keine Zahl '%1'</translation>
    </message>
    <message>
        <source>there is no choice called '%1'</source>
        <translation>es gibt keine Wahl '%1'</translation>
    </message>
    <message>
        <source>there is no link called '%1'</source>
        <translation>es gibt keine Kopplung '%1'</translation>
    </message>
    <message>
        <source>%1 holds %2; expected numbers of at least 0</source>
        <translation>%1 enthält %2; erwartet werden Zahlen ab 0</translation>
    </message>
    <message>
        <source>%1 holds %2 twice</source>
        <translation>%1 enthält %2 zweimal</translation>
    </message>
    <message>
        <source>%1 must be three finite numbers</source>
        <translation>%1 müssen drei endliche Zahlen sein</translation>
    </message>
    <message>
        <source>analysis.rank is %1; expected 1 to 32</source>
        <translation>analysis.rank ist %1; erwartet 1 bis 32</translation>
    </message>
    <message>
        <source>analysis.explained_variance must be 0 to 1</source>
        <translation>analysis.explained_variance muss von 0 bis 1 sein</translation>
    </message>
    <message>
        <source>analysis.jacobian_tokens must be 8 to 512</source>
        <translation>analysis.jacobian_tokens muss von 8 bis 512 sein</translation>
    </message>
    <message>
        <source>analysis.jacobian_probes must be 0 (exact) or 32 to 4096</source>
        <translation>analysis.jacobian_probes muss 0 (exakt) oder von 32 bis 4096 sein</translation>
    </message>
    <message>
        <source>analysis.every_seconds must be 0 to 3600</source>
        <translation>analysis.every_seconds muss von 0 bis 3600 sein</translation>
    </message>
    <message>
        <source>cursor.step must be at least 0</source>
        <translation>cursor.step muss mindestens 0 sein</translation>
    </message>
    <message>
        <source>cameras.%1 is of no view</source>
        <translation>cameras.%1 gehört zu keiner Ansicht</translation>
    </message>
    <message>
        <source>cameras.%1.position must differ from its focal_point</source>
        <translation>cameras.%1.position muss anders sein als ihr focal_point</translation>
    </message>
    <message>
        <source>source.folder must be there for a checkpoint, and only then</source>
        <translation>source.folder gehört zu einem Checkpoint, und nur dazu</translation>
    </message>
    <message>
        <source>source.folder must be an absolute path</source>
        <translation>source.folder muss ein absoluter Pfad sein</translation>
    </message>
    <message>
        <source>source.file must be there for a session, and only then</source>
        <translation>source.file gehört zu einer Sitzung, und nur dazu</translation>
    </message>
    <message>
        <source>source.file must be an absolute path</source>
        <translation>source.file muss ein absoluter Pfad sein</translation>
    </message>
    <message>
        <source>%1 are %2; expected at most %3</source>
        <translation>%1 sind %2; erwartet höchstens %3</translation>
    </message>
    <message>
        <source>%1.name must be one line of 1 to %2 bytes</source>
        <translation>%1.name muss eine Zeile von 1 bis %2 Bytes sein</translation>
    </message>
    <message>
        <source>%1.name is '%2', as another one's; expected names that differ</source>
        <translation>%1.name ist '%2' wie ein anderer; erwartet werden verschiedene Namen</translation>
    </message>
    <message>
        <source>bookmarks[%1].step must be at least 0</source>
        <translation>bookmarks[%1].step muss mindestens 0 sein</translation>
    </message>
    <message>
        <source>side %1: %2</source>
        <translation>Seite %1: %2</translation>
    </message>
    <message>
        <source>layout.front names '%1', which is no view</source>
        <translation>layout.front nennt '%1', das keine Ansicht ist</translation>
    </message>
    <message>
        <source>layout.open names '%1', which is no part of the panel</source>
        <translation>layout.open nennt '%1', das kein Teil der Bedienung ist</translation>
    </message>
    <message>
        <source>layout.alone names '%1', which is no view</source>
        <translation>layout.alone nennt '%1', das keine Ansicht ist</translation>
    </message>
    <message>
        <source>hidden_controls names '%1', which is no knob and no setting of a lens</source>
        <translation>hidden_controls nennt '%1', das weder Regler noch Einstellung einer Linse ist</translation>
    </message>
    <message>
        <source>text_scale must be 0.7 to 2.5</source>
        <translation>text_scale muss von 0.7 bis 2.5 sein</translation>
    </message>
    <message>
        <source>views.%1 is no view</source>
        <translation>views.%1 ist keine Ansicht</translation>
    </message>
    <message>
        <source>views.%1.%2 is no option of this view</source>
        <translation>views.%1.%2 ist keine Option dieser Ansicht</translation>
    </message>
    <message>
        <source>views.%1.%2 is '%3'; expected %4</source>
        <translation>views.%1.%2 ist '%3'; erwartet %4</translation>
    </message>
    <message>
        <source>prompt has %1 bytes; expected at most %2</source>
        <translation>prompt hat %1 Bytes; erwartet höchstens %2</translation>
    </message>
    <message>
        <source>prompt_place must be a byte of the prompt, or -1</source>
        <translation>prompt_place muss ein Byte von prompt sein, oder -1</translation>
    </message>
    <message>
        <source>continuation.bytes must be 0 to %1</source>
        <translation>continuation.bytes muss von 0 bis %1 sein</translation>
    </message>
    <message>
        <source>continuation.temperature must be 0 to 10</source>
        <translation>continuation.temperature muss von 0 bis 10 sein</translation>
    </message>
    <message>
        <source>playback.rate must be 0.25 to 6400</source>
        <translation>playback.rate muss von 0.25 bis 6400 sein</translation>
    </message>
    <message>
        <source>training, checkpoint or session</source>
        <translation>training, checkpoint oder session</translation>
    </message>
    <message>
        <source>a whole number from 0 to 1000000</source>
        <translation>eine ganze Zahl von 0 bis 1000000</translation>
    </message>
    <message>
        <source>at least 0</source>
        <translation>mindestens 0</translation>
    </message>
    <message>
        <source>a list of parts of the panel</source>
        <translation>eine Liste von Teilen der Bedienung</translation>
    </message>
    <message>
        <source>a list of views</source>
        <translation>eine Liste von Ansichten</translation>
    </message>
    <message>
        <source>a list of at most %1</source>
        <translation>eine Liste von höchstens %1</translation>
    </message>
    <message>
        <source>snapshots or steps</source>
        <translation>snapshots oder steps</translation>
    </message>
    <message>
        <source>a list of one or two sides</source>
        <translation>eine Liste von einer oder zwei Seiten</translation>
    </message>
    <message>
        <source>dark or light</source>
        <translation>dark oder light</translation>
    </message>
    <message>
        <source>a list of names</source>
        <translation>eine Liste von Namen</translation>
    </message>
    <message>
        <source>a byte of the prompt, or -1</source>
        <translation>ein Byte von prompt, oder -1</translation>
    </message>
    <message>
        <source>this is no Moescope state: it has %1 bytes; expected at most %2</source>
        <translation>das ist kein Zustand von Moescope: er hat %1 Bytes; erwartet höchstens %2</translation>
    </message>
    <message>
        <source>this is no Moescope state: it is nested deeper than %1 levels</source>
        <translation>das ist kein Zustand von Moescope: tiefer verschachtelt als %1 Ebenen</translation>
    </message>
    <message>
        <source>this is no Moescope state: %1</source>
        <translation>das ist kein Zustand von Moescope: %1</translation>
    </message>
    <message>
        <source>this is no Moescope state: expected an object with the key %1</source>
        <translation>das ist kein Zustand von Moescope: erwartet wird ein Objekt mit dem Schlüssel %1</translation>
    </message>
    <message>
        <source>/%1 must be a whole number</source>
        <translation>/%1 muss eine ganze Zahl sein</translation>
    </message>
    <message>
        <source>/%1 is %2: this program reads versions 1 to %3</source>
        <translation>/%1 ist %2: dieses Programm liest die Versionen 1 bis %3</translation>
    </message>
    <message>
        <source>%1 is %2; expected an object</source>
        <translation>%1 ist %2; erwartet wird ein Objekt</translation>
    </message>
    <message>
        <source>a state</source>
        <translation>ein Zustand</translation>
    </message>
    <message>
        <source>%1 is %2; expected %3</source>
        <translation>%1 ist %2; erwartet: %3</translation>
    </message>
    <message>
        <source>%1 is missing; expected %2</source>
        <translation>%1 fehlt; erwartet: %2</translation>
    </message>
    <message>
        <source>a finite number</source>
        <translation>eine endliche Zahl</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>a string</source>
        <translation>eine Zeichenkette</translation>
    </message>
    <message>
        <source>a list of whole numbers</source>
        <translation>eine Liste ganzer Zahlen</translation>
    </message>
    <message>
        <source>three finite numbers</source>
        <translation>drei endliche Zahlen</translation>
    </message>
    <message>
        <source>%1, line %2: %3</source>
        <translation>%1, Zeile %2: %3</translation>
    </message>
    <message>
        <source>either reach or predict, the name of a measure</source>
        <translation>entweder reach oder predict, der Name eines Maßes</translation>
    </message>
    <message>
        <source>the name of a measure</source>
        <translation>der Name eines Maßes</translation>
    </message>
    <message>
        <source>at_least, at_most or both</source>
        <translation>at_least, at_most oder beide</translation>
    </message>
    <message>
        <source>a number above 0</source>
        <translation>eine Zahl über 0</translation>
    </message>
    <message>
        <source>the picture '%1'; expected ![WORDS](NAME), a .png or .jpg beside the lesson</source>
        <translation>das Bild '%1'; erwartet ![WÖRTER](NAME), ein .png oder .jpg neben der Lektion</translation>
    </message>
    <message>
        <source>/state%1 is no key of a state</source>
        <translation>/state%1 ist kein Schlüssel eines Zustands</translation>
    </message>
    <message>
        <source>the name of a .moescope beside the lesson</source>
        <translation>der Name einer .moescope neben der Lektion</translation>
    </message>
    <message>
        <source>a checkpoint or a session, not both</source>
        <translation>ein Checkpoint oder eine Sitzung, nicht beides</translation>
    </message>
    <message>
        <source>%1 is no key of a page</source>
        <translation>%1 ist kein Schlüssel einer Seite</translation>
    </message>
    <message>
        <source>expected a page, which begins with '# TITLE'</source>
        <translation>erwartet wird eine Seite, die mit '# TITEL' beginnt</translation>
    </message>
    <message>
        <source>a lesson without pages; expected '# TITLE'</source>
        <translation>eine Lektion ohne Seiten; erwartet '# TITEL'</translation>
    </message>
    <message>
        <source>expected '---', before title and what the lesson shows</source>
        <translation>erwartet '---' vor Titel und was die Lektion zeigt</translation>
    </message>
    <message>
        <source>expected KEY: VALUE</source>
        <translation>erwartet SCHLÜSSEL: WERT</translation>
    </message>
    <message>
        <source>'%1'; expected title, shows or order (a number up to 999)</source>
        <translation>'%1'; erwartet title, shows oder order (eine Zahl bis 999)</translation>
    </message>
    <message>
        <source>expected title, shows, and '---' after them</source>
        <translation>erwartet title, shows und danach '---'</translation>
    </message>
    <message>
        <source>a second block of JSON on this page; expected one</source>
        <translation>ein zweiter Block JSON auf dieser Seite; erwartet einer</translation>
    </message>
    <message>
        <source>the block of JSON of line %1 has no end</source>
        <translation>der Block JSON von Zeile %1 hat kein Ende</translation>
    </message>
    <message>
        <source>in the block of this page: %1</source>
        <translation>im Block dieser Seite: %1</translation>
    </message>
    <message>
        <source>the notes of line %1 have no end; expected --&gt;</source>
        <translation>die Notizen von Zeile %1 haben kein Ende; erwartet --&gt;</translation>
    </message>
    <message>
        <source>a page without title or words</source>
        <translation>eine Seite ohne Titel oder Wörter</translation>
    </message>
    <message>
        <source>%1: %2 bytes; expected at most %3 of a lesson</source>
        <translation>%1: %2 Bytes; erwartet höchstens %3 für eine Lektion</translation>
    </message>
    <message>
        <source>%1: expected the name NAME.LANGUAGE.md, such as what-a-router-does.en.md</source>
        <translation>%1: erwartet der Name NAME.SPRACHE.md, etwa what-a-router-does.en.md</translation>
    </message>
    <message>
        <source>there is no lesson '%1'; expected one of %2</source>
        <translation>es gibt keine Lektion '%1'; erwartet eine von %2</translation>
    </message>
    <message>
        <source>%1: no lesson in a ZIP archive: %2</source>
        <translation>%1: keine Lektion in einem ZIP-Archiv: %2</translation>
    </message>
    <message>
        <source>%1: %2 members; expected 1 to %3</source>
        <translation>%1: %2 Einträge; erwartet 1 bis %3</translation>
    </message>
    <message>
        <source>%1: member %2 has no whole entry in the directory</source>
        <translation>%1: Eintrag %2 steht nicht ganz im Verzeichnis</translation>
    </message>
    <message>
        <source>%1; expected a .md, .moescope, .png or .jpg without a folder</source>
        <translation>%1; erwartet .md, .moescope, .png oder .jpg ohne Ordner</translation>
    </message>
    <message>
        <source>%1 is there twice</source>
        <translation>%1 ist zweimal da</translation>
    </message>
    <message>
        <source>%1 is encrypted</source>
        <translation>%1 ist verschlüsselt</translation>
    </message>
    <message>
        <source>%1 is packed by method %2; expected 0 (stored) or 8 (deflate)</source>
        <translation>%1 ist nach Verfahren %2 gepackt; erwartet 0 (unverändert) oder 8 (deflate)</translation>
    </message>
    <message>
        <source>%1 states %2 bytes; expected at most %3</source>
        <translation>%1 nennt %2 Bytes; erwartet höchstens %3</translation>
    </message>
    <message>
        <source>%1 states %2 bytes, which its %3 packed ones cannot expand to</source>
        <translation>%1 nennt %2 Bytes, wozu seine %3 gepackten nicht werden können</translation>
    </message>
    <message>
        <source>%1: its members state more than %2 bytes together</source>
        <translation>%1: seine Einträge nennen zusammen mehr als %2 Bytes</translation>
    </message>
    <message>
        <source>%1 expands to more than the %2 bytes that it states</source>
        <translation>%1 wird zu mehr als den %2 Bytes, die es nennt</translation>
    </message>
    <message>
        <source>%1 ends after %2 of %3 bytes</source>
        <translation>%1 endet nach %2 von %3 Bytes</translation>
    </message>
    <message>
        <source>%1: this file cannot be written: %2</source>
        <translation>%1: diese Datei lässt sich nicht schreiben: %2</translation>
    </message>
    <message>
        <source>%1: this folder cannot be made: %2</source>
        <translation>%1: dieser Ordner lässt sich nicht anlegen: %2</translation>
    </message>
    <message>
        <source>%1: %2 MB are free in %3; this lesson needs %4</source>
        <translation>%1: %2 MB sind in %3 frei; diese Lektion braucht %4</translation>
    </message>
    <message>
        <source>%1: no name of a lesson's file; expected a .md, .moescope, .png or .jpg</source>
        <translation>%1: kein Name einer Datei einer Lektion; erwartet .md, .moescope, .png oder .jpg</translation>
    </message>
    <message>
        <source>%1: %2 bytes; expected at most %3</source>
        <translation>%1: %2 Bytes; erwartet höchstens %3</translation>
    </message>
    <message>
        <source>%1%2: shows %3, which is not beside it</source>
        <translation>%1%2: zeigt %3, das nicht daneben liegt</translation>
    </message>
    <message>
        <source>%1: two lessons, %2 and %3; expected one in its languages</source>
        <translation>%1: zwei Lektionen, %2 und %3; erwartet eine in ihren Sprachen</translation>
    </message>
    <message>
        <source>%1: no lesson in it; expected NAME.LANGUAGE.md</source>
        <translation>%1: keine Lektion darin; erwartet NAME.SPRACHE.md</translation>
    </message>
    <message>
        <source>%1: no folder; expected one with NAME.LANGUAGE.md in it</source>
        <translation>%1: kein Ordner; erwartet einer mit NAME.SPRACHE.md darin</translation>
    </message>
    <message>
        <source>a layout's name must be one line of 1 to %1 bytes</source>
        <translation>der Name einer Anordnung muss eine Zeile von 1 bis %1 Bytes sein</translation>
    </message>
    <message>
        <source>%1: %2 bytes; a state has at most %3</source>
        <translation>%1: %2 Bytes; ein Zustand hat höchstens %3</translation>
    </message>
    <message>
        <source>there is a layout called '%1' already</source>
        <translation>es gibt schon eine Anordnung '%1'</translation>
    </message>
    <message>
        <source>%1: there is no such layout</source>
        <translation>%1: es gibt keine solche Anordnung</translation>
    </message>
    <message>
        <source>%1 is no key of a preset</source>
        <translation>%1 ist kein Schlüssel einer Vorlage</translation>
    </message>
    <message>
        <source>there is no preset '%1'; expected one of %2</source>
        <translation>es gibt keine Vorlage '%1'; erwartet eine von %2</translation>
    </message>
    <message>
        <source>an expert, or -1 for none</source>
        <translation>ein Experte, oder -1 für keinen</translation>
    </message>
    <message>
        <source>the second expert of a pair with selected_expert</source>
        <translation>der zweite Experte eines Paars mit selected_expert</translation>
    </message>
    <message>
        <source>/knobs/%1 must be a string</source>
        <translation>/knobs/%1 muss eine Zeichenkette sein</translation>
    </message>
    <message>
        <source>/knobs/%1 must be a number</source>
        <translation>/knobs/%1 muss eine Zahl sein</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>ein Objekt</translation>
    </message>
    <message>
        <source>/knobs: %1</source>
        <translation>/knobs: %1</translation>
    </message>
    <message>
        <source>'%1' is only an ending; expected a name before it, such as film%2</source>
        <translation>'%1' ist nur eine Endung; erwartet ein Name davor, etwa film%2</translation>
    </message>
    <message>
        <source>'%1' ends in %2; expected .mp4, .webm or .gif, or a folder for pictures</source>
        <translation>'%1' endet auf %2; erwartet .mp4, .webm oder .gif, oder ein Ordner für Bilder</translation>
    </message>
    <message>
        <source>%1 is odd; a film of this kind takes even sizes, such as %2</source>
        <translation>%1 ist ungerade; ein Film dieser Art hat gerade Größen, etwa %2</translation>
    </message>
    <message>
        <source>%1 frames per second are too many for a GIF; expected at most %2</source>
        <translation>%1 Bilder je Sekunde sind zu viele für ein GIF; erwartet höchstens %2</translation>
    </message>
    <message>
        <source>%1 is no codec of a film with this ending; expected h264 for .mp4, vp9 or av1 for .webm</source>
        <translation>%1 ist kein Codec eines Films mit dieser Endung; erwartet h264 für .mp4, vp9 oder av1 für .webm</translation>
    </message>
    <message>
        <source>libavcodec %1 has no encoder for this film (%2); expected %3or a folder for pictures</source>
        <translation>libavcodec %1 hat keinen Encoder für diesen Film (%2); erwartet %3oder ein Ordner für Bilder</translation>
    </message>
    <message>
        <source>a film of %1x%2 has no room for views; expected at least 320x240</source>
        <translation>ein Film von %1x%2 hat keinen Platz für Ansichten; erwartet mindestens 320x240</translation>
    </message>
    <message>
        <source>at %1 s of the film: %2</source>
        <translation>bei %1 s des Films: %2</translation>
    </message>
    <message>
        <source>%1: cannot be read</source>
        <translation>%1: lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>%1: larger than a film's record can be</source>
        <translation>%1: größer als die Niederschrift eines Films sein kann</translation>
    </message>
    <message>
        <source>a list of words</source>
        <translation>eine Liste von Wörtern</translation>
    </message>
    <message>
        <source>a film script</source>
        <translation>ein Drehbuch</translation>
    </message>
    <message>
        <source>%1: this is no record of a film: %2</source>
        <translation>%1: das ist keine Aufzeichnung eines Films: %2</translation>
    </message>
    <message>
        <source>%1 is no key of a state</source>
        <translation>%1 ist kein Schlüssel eines Zustands</translation>
    </message>
    <message>
        <source>smooth, linear or hold</source>
        <translation>smooth, linear oder hold</translation>
    </message>
    <message>
        <source>%1: compares changes within the film; expected it only in the film's own state</source>
        <translation>%1: compares ändert sich im Film; erwartet nur im Zustand des ganzen Films</translation>
    </message>
    <message>
        <source>%1: knobs or source change within the film; expected them only in the film's own state</source>
        <translation>%1: Regler oder Quelle ändern sich im Film; erwartet nur im Zustand des ganzen Films</translation>
    </message>
    <message>
        <source>names of views</source>
        <translation>Namen von Ansichten</translation>
    </message>
    <message>
        <source>/preset: %1</source>
        <translation>/preset: %1</translation>
    </message>
    <message>
        <source>a list of 1 to 10000 key frames</source>
        <translation>eine Liste von 1 bis 10000 Schlüsselbildern</translation>
    </message>
    <message>
        <source>%1 is no key of a film</source>
        <translation>%1 ist kein Schlüssel eines Films</translation>
    </message>
    <message>
        <source>this is no film script: it has %1 bytes; expected at most %2</source>
        <translation>das ist kein Drehbuch: es hat %1 Bytes; erwartet höchstens %2</translation>
    </message>
    <message>
        <source>this is no film script: it is nested deeper than 32 levels</source>
        <translation>das ist kein Drehbuch: tiefer verschachtelt als 32 Ebenen</translation>
    </message>
    <message>
        <source>this is no film script: %1</source>
        <translation>das ist kein Drehbuch: %1</translation>
    </message>
    <message>
        <source>line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message>
        <source>%1: %2; expected a folder to write the film to</source>
        <translation>%1: %2; erwartet ein Ordner für den Film</translation>
    </message>
    <message>
        <source>%1 is there already; expected a folder without frames, or --force</source>
        <translation>%1 ist schon da; erwartet ein Ordner ohne Bilder, oder --force</translation>
    </message>
    <message>
        <source>%1: a folder; expected the name of a film</source>
        <translation>%1: ein Ordner; erwartet der Name eines Films</translation>
    </message>
    <message>
        <source>%1 is there already; expected another name, or --force</source>
        <translation>%1 ist schon da; erwartet ein anderer Name, oder --force</translation>
    </message>
    <message>
        <source>%1 is there already, of a film that was cut off; move it away, or give --force</source>
        <translation>%1 ist schon da, von einem abgebrochenen Film; bitte verschieben, oder --force angeben</translation>
    </message>
    <message>
        <source>%1: %2 MB are free on its disk; a film needs at least %3</source>
        <translation>%1: %2 MB sind auf seinem Datenträger frei; ein Film braucht mindestens %3</translation>
    </message>
    <message>
        <source>a frame of %1x%2 in a film of %3x%4</source>
        <translation>ein Bild von %1x%2 in einem Film von %3x%4</translation>
    </message>
    <message>
        <source>stopped; no frame was drawn</source>
        <translation>angehalten; kein Bild wurde gezeichnet</translation>
    </message>
    <message>
        <source>%1; the first %2 frames, or nearly all of them, are in %3</source>
        <translation>%1; die ersten %2 Bilder, oder fast alle davon, sind in %3</translation>
    </message>
    <message>
        <source>%1: cannot be read again</source>
        <translation>%1: lässt sich nicht noch einmal lesen</translation>
    </message>
    <message>
        <source>%1: libavcodec has no encoder %2</source>
        <translation>%1: libavcodec hat keinen Encoder %2</translation>
    </message>
    <message>
        <source>%1: holds no film</source>
        <translation>%1: enthält keinen Film</translation>
    </message>
    <message>
        <source>no sockets to hear signals with</source>
        <translation>keine Sockets, um Signale zu hören</translation>
    </message>
    <message>
        <source>%1: ends in neither .csv nor .jsonl</source>
        <translation>%1: endet weder auf .csv noch auf .jsonl</translation>
    </message>
    <message>
        <source>%1: does not end in .npz</source>
        <translation>%1: endet nicht auf .npz</translation>
    </message>
    <message>
        <source>%1: too large</source>
        <translation>%1: zu groß</translation>
    </message>
    <message>
        <source>%1: has other knobs</source>
        <translation>%1: hat andere Regler</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>S&amp;prache</translation>
    </message>
    <message>
        <source>there is no language '%1'; expected one of %2</source>
        <translation>es gibt keine Sprache '%1'; erwartet eine von %2</translation>
    </message>
    <message>
        <source>A film is being made: the language changes when it is chosen again after it, or at the next start</source>
        <translation>Ein Film entsteht gerade: die Sprache wechselt, wenn sie danach noch einmal gewählt wird, oder beim nächsten Start</translation>
    </message>
    <message>
        <source>%1: the picture could not be encoded</source>
        <translation>%1: das Bild ließ sich nicht kodieren</translation>
    </message>
    <message>
        <source>%1: nothing of this run is kept yet</source>
        <translation>%1: von diesem Lauf ist noch nichts behalten</translation>
    </message>
    <message>
        <source>%1: ends in neither .csv nor .json</source>
        <translation>%1: endet weder auf .csv noch auf .json</translation>
    </message>
    <message>
        <source>the picture could not be encoded</source>
        <translation>das Bild ließ sich nicht kodieren</translation>
    </message>
    <message>
        <source>group of views '%1' is not known; expected one of %2</source>
        <translation>die Gruppe von Ansichten '%1' ist nicht bekannt; erwartet eine von %2</translation>
    </message>
    <message>
        <source>%1: expected a config.json of at most 1 MB</source>
        <translation>%1: erwartet eine config.json von höchstens 1 MB</translation>
    </message>
    <message>
        <source>%1: nested deeper than 32</source>
        <translation>%1: tiefer verschachtelt als 32</translation>
    </message>
    <message>
        <source>%1: expected a JSON object, found %2</source>
        <translation>%1: erwartet ein JSON-Objekt, gefunden %2</translation>
    </message>
    <message>
        <source>%1: expected a number "%2"</source>
        <translation>%1: erwartet eine Zahl "%2"</translation>
    </message>
    <message>
        <source>%1: "%2": expected %3, found %4</source>
        <translation>%1: "%2": erwartet %3, gefunden %4</translation>
    </message>
    <message>
        <source>%1: tensor "%2": releases of family %3 lie both ways, and a square of %4 does not tell which</source>
        <translation>%1: Tensor "%2": Veröffentlichungen der Familie %3 liegen auf beide Weisen, und ein Quadrat von %4 sagt nicht, auf welche</translation>
    </message>
    <message>
        <source>%1: there is no tensor "%2gate_proj.weight", and no stacked one either</source>
        <translation>%1: es gibt keinen Tensor "%2gate_proj.weight", und keinen gestapelten</translation>
    </message>
    <message>
        <source>%1: ambiguous: expected either "%2" or "%3", not both</source>
        <translation>%1: mehrdeutig: erwartet entweder "%2" oder "%3", nicht beide</translation>
    </message>
    <message>
        <source>%1: tensor "%2": expected shape [units, %3]</source>
        <translation>%1: Tensor "%2": erwartet Form [Einheiten, %3]</translation>
    </message>
    <message>
        <source>%1: expected a text "model_type"</source>
        <translation>%1: erwartet ein Text "model_type"</translation>
    </message>
    <message>
        <source>%1: model_type "%2" cannot be read: %3</source>
        <translation>%1: model_type "%2" lässt sich nicht lesen: %3</translation>
    </message>
    <message>
        <source>%1: model_type "%2" is not known%3; expected one of the %4 families that moescope doctor --families lists</source>
        <translation>%1: model_type "%2" ist nicht bekannt%3; erwartet eine der %4 Familien, die moescope doctor --families nennt</translation>
    </message>
    <message>
        <source>, and no key gives a number of experts: a dense model: no experts?</source>
        <translation>, und kein Schlüssel nennt eine Zahl von Experten: ein dichtes Modell: keine Experten?</translation>
    </message>
    <message>
        <source>%1: "quantization_config": expected an object, found %2</source>
        <translation>%1: "quantization_config": erwartet ein Objekt, gefunden %2</translation>
    </message>
    <message>
        <source>%1: "quantization_config": weight_block_size: expected [128, 128], found %2</source>
        <translation>%1: "quantization_config": weight_block_size: erwartet [128, 128], gefunden %2</translation>
    </message>
    <message>
        <source>%1: %2 of %3 experts cannot be chosen from %4 of %5 groups</source>
        <translation>%1: %2 von %3 Experten können nicht aus %4 von %5 Gruppen gewählt werden</translation>
    </message>
    <message>
        <source>%1: a dense model: no experts ("%2" gives none, and no layer has a router)</source>
        <translation>%1: ein dichtes Modell: keine Experten ("%2" nennt keine, und keine Schicht hat einen Router)</translation>
    </message>
    <message>
        <source>%1: byte %2: %3</source>
        <translation>%1: Byte %2: %3</translation>
    </message>
    <message>
        <source>%1 of %2 bytes; expected at most %3</source>
        <translation>%1 von %2 Bytes; erwartet höchstens %3</translation>
    </message>
    <message>
        <source>the file ends %1 bytes too early</source>
        <translation>die Datei endet %1 Bytes zu früh</translation>
    </message>
    <message>
        <source>the file ends in its header: is it truncated?</source>
        <translation>die Datei endet in ihrem Kopf: ist sie abgeschnitten?</translation>
    </message>
    <message>
        <source>"%1": expected a type from 0 to 12, found %2</source>
        <translation>"%1": erwartet ein Typ von 0 bis 12, gefunden %2</translation>
    </message>
    <message>
        <source>"%1": a list of lists</source>
        <translation>"%1": eine Liste von Listen</translation>
    </message>
    <message>
        <source>"%1": a list of %2 values does not fit into the file</source>
        <translation>"%1": eine Liste von %2 Werten passt nicht in die Datei</translation>
    </message>
    <message>
        <source>%1%2 dimensions; expected at most 4</source>
        <translation>%1%2 Dimensionen; erwartet höchstens 4</translation>
    </message>
    <message>
        <source>%1its shape is too large, or empty</source>
        <translation>%1seine Form ist zu groß, oder leer</translation>
    </message>
    <message>
        <source>%1type %2 is not known</source>
        <translation>%1Typ %2 ist nicht bekannt</translation>
    </message>
    <message>
        <source>%1rows of %2 values are no whole blocks of %3</source>
        <translation>%1Zeilen von %2 Werten sind keine ganzen Blöcke von %3</translation>
    </message>
    <message>
        <source>%1its offset is too large</source>
        <translation>%1sein Versatz ist zu groß</translation>
    </message>
    <message>
        <source>%1occurs twice</source>
        <translation>%1kommt zweimal vor</translation>
    </message>
    <message>
        <source>%1: tensor "%2": ends at byte %3 of the data, but the file holds %4: is it truncated?</source>
        <translation>%1: Tensor "%2": endet bei Byte %3 der Daten, aber die Datei enthält %4: ist sie abgeschnitten?</translation>
    </message>
    <message>
        <source>%1: expected a text "general.architecture"</source>
        <translation>%1: erwartet ein Text "general.architecture"</translation>
    </message>
    <message>
        <source>%1: architecture "%2" is not known; expected one of %3</source>
        <translation>%1: Architektur "%2" ist nicht bekannt; erwartet eine von %3</translation>
    </message>
    <message>
        <source>%1: expected a GGUF file, which begins with "GGUF"</source>
        <translation>%1: erwartet eine GGUF-Datei, die mit "GGUF" beginnt</translation>
    </message>
    <message>
        <source>%1: the file ends at byte %2, within the header of a GGUF file: is it truncated?</source>
        <translation>%1: die Datei endet bei Byte %2, im Kopf einer GGUF-Datei: ist sie abgeschnitten?</translation>
    </message>
    <message>
        <source>expected GGUF version 2 or 3, found %1</source>
        <translation>erwartet GGUF-Version 2 oder 3, gefunden %1</translation>
    </message>
    <message>
        <source>%1 tensors and %2 values do not fit into the file</source>
        <translation>%1 Tensoren und %2 Werte passen nicht in die Datei</translation>
    </message>
    <message>
        <source>expected a general.alignment from 1 to 65536</source>
        <translation>erwartet ein general.alignment von 1 bis 65536</translation>
    </message>
    <message>
        <source>%1: one of %2 parts; expected a whole model: join them with llama-gguf-split --merge</source>
        <translation>%1: einer von %2 Teilen; erwartet ein ganzes Modell: sie lassen sich mit llama-gguf-split --merge verbinden</translation>
    </message>
    <message>
        <source>%1: tensor "%2" and "%3" are the same</source>
        <translation>%1: Tensor "%2" und "%3" sind derselbe</translation>
    </message>
    <message>
        <source>%1: tensor "%2", %3 %4, belongs to an MoE block and would not be read: no such tensor, or no such packing, is known of family %5%6</source>
        <translation>%1: Tensor "%2", %3 %4, gehört zu einem MoE-Block und bliebe ungelesen: kein solcher Tensor, oder keine solche Packung, ist von der Familie %5%6 bekannt</translation>
    </message>
    <message>
        <source>%1: there is no tensor "%2": routers of family %3 have a bias for the choice (other names looked for: %4)</source>
        <translation>%1: es gibt keinen Tensor "%2": Router der Familie %3 haben einen Bias für die Wahl (andere gesuchte Namen: %4)</translation>
    </message>
    <message>
        <source>%1: tensor "%2": expected shape [%3], found %4</source>
        <translation>%1: Tensor "%2": erwartet Form [%3], gefunden %4</translation>
    </message>
    <message>
        <source>%1: tensor "%2": expected shape [experts, %3], found %4</source>
        <translation>%1: Tensor "%2": erwartet Form [Experten, %3], gefunden %4</translation>
    </message>
    <message>
        <source>%1: there is no tensor "%2.bias": routers of family %3 have a bias</source>
        <translation>%1: es gibt keinen Tensor "%2.bias": Router der Familie %3 haben einen Bias</translation>
    </message>
    <message>
        <source>%1: no layer has a router%2; expected tensors like model.layers.0.%3</source>
        <translation>%1: keine Schicht hat einen Router%2; erwartet Tensoren wie model.layers.0.%3</translation>
    </message>
    <message>
        <source> that chooses</source>
        <translation> , der wählt</translation>
    </message>
    <message>
        <source>%1: there is no tensor "%2%3", the router of "%4"</source>
        <translation>%1: es gibt keinen Tensor "%2%3", den Router von "%4"</translation>
    </message>
    <message>
        <source>%1: numbers of dtype %2 cannot be read; expected f64, f32, f16, bf16, fp8 or integers</source>
        <translation>%1: Zahlen vom dtype %2 lassen sich nicht lesen; erwartet f64, f32, f16, bf16, fp8 oder ganze Zahlen</translation>
    </message>
    <message>
        <source>its shape is too large</source>
        <translation>seine Form ist zu groß</translation>
    </message>
    <message>
        <source>it has more than 64 dimensions</source>
        <translation>er hat mehr als 64 Dimensionen</translation>
    </message>
    <message>
        <source>data_offsets must be two numbers</source>
        <translation>data_offsets müssen zwei Zahlen sein</translation>
    </message>
    <message>
        <source>an object where none belongs</source>
        <translation>ein Objekt, wo keines hingehört</translation>
    </message>
    <message>
        <source>a list where none belongs</source>
        <translation>eine Liste, wo keine hingehört</translation>
    </message>
    <message>
        <source>%1: the name "%2" occurs twice in the header</source>
        <translation>%1: der Name "%2" kommt im Kopf zweimal vor</translation>
    </message>
    <message>
        <source>unknown field "%1"</source>
        <translation>unbekanntes Feld "%1"</translation>
    </message>
    <message>
        <source>the field "%1" occurs twice</source>
        <translation>das Feld "%1" kommt zweimal vor</translation>
    </message>
    <message>
        <source>%1: the header is not JSON at byte %2: %3</source>
        <translation>%1: der Kopf ist bei Byte %2 kein JSON: %3</translation>
    </message>
    <message>
        <source>%1: tensor "%2": %3</source>
        <translation>%1: Tensor "%2": %3</translation>
    </message>
    <message>
        <source>%1: the header must be a JSON object</source>
        <translation>%1: der Kopf muss ein JSON-Objekt sein</translation>
    </message>
    <message>
        <source>%1 where the format has none (expected dtype, shape and data_offsets)</source>
        <translation>%1, wo das Format keines hat (erwartet dtype, shape und data_offsets)</translation>
    </message>
    <message>
        <source>expected dtype, shape and two data_offsets</source>
        <translation>erwartet dtype, shape und zwei data_offsets</translation>
    </message>
    <message>
        <source>unknown dtype "%1"</source>
        <translation>unbekannter dtype "%1"</translation>
    </message>
    <message>
        <source>its shape overflows 64 bits</source>
        <translation>seine Form sprengt 64 Bits</translation>
    </message>
    <message>
        <source>data_offsets run backwards</source>
        <translation>data_offsets laufen rückwärts</translation>
    </message>
    <message>
        <source>its shape needs %1 bytes, data_offsets give %2</source>
        <translation>seine Form braucht %1 Bytes, data_offsets geben %2</translation>
    </message>
    <message>
        <source>%1overlaps the tensor before it</source>
        <translation>%1überdeckt den Tensor davor</translation>
    </message>
    <message>
        <source>%1a hole of %2 bytes lies before it</source>
        <translation>%1ein Loch von %2 Bytes liegt davor</translation>
    </message>
    <message>
        <source>%1ends at byte %2 of the data, but the file holds %3: is it truncated?</source>
        <translation>%1endet bei Byte %2 der Daten, aber die Datei enthält %3: ist sie abgeschnitten?</translation>
    </message>
    <message>
        <source>%1: %2 bytes at the end belong to no tensor</source>
        <translation>%1: %2 Bytes am Ende gehören zu keinem Tensor</translation>
    </message>
    <message>
        <source>%1: the header must begin with '{': not a safetensors file?</source>
        <translation>%1: der Kopf muss mit '{' beginnen: keine safetensors-Datei?</translation>
    </message>
    <message>
        <source>%1: too short for a safetensors file (%2 bytes)</source>
        <translation>%1: zu kurz für eine safetensors-Datei (%2 Bytes)</translation>
    </message>
    <message>
        <source>%1: the header claims %2 bytes; at most %3 are allowed</source>
        <translation>%1: der Kopf nennt %2 Bytes; höchstens %3 sind erlaubt</translation>
    </message>
    <message>
        <source>%1: the header claims %2 bytes, but the file ends after %3</source>
        <translation>%1: der Kopf nennt %2 Bytes, aber die Datei endet nach %3</translation>
    </message>
    <message>
        <source>%1: tensor "%2"%3</source>
        <translation>%1: Tensor "%2"%3</translation>
    </message>
    <message>
        <source>: ambiguous: expected either it or "%1", not both</source>
        <translation>: mehrdeutig: erwartet entweder er oder "%1", nicht beide</translation>
    </message>
    <message>
        <source> is fp8 (%1) without scales: expected "%2_scale_inv" for blocks of 128 x 128, or "%3_scale"</source>
        <translation> ist fp8 (%1) ohne Skalen: erwartet "%2_scale_inv" für Blöcke von 128 x 128, oder "%3_scale"</translation>
    </message>
    <message>
        <source>: expected floats, found %1: a packing that is not known without "%2_scale"</source>
        <translation>: erwartet Gleitkommazahlen, gefunden %1: eine Packung, die ohne "%2_scale" nicht bekannt ist</translation>
    </message>
    <message>
        <source>: expected no scales; found "%1"</source>
        <translation>: erwartet keine Skalen; gefunden "%1"</translation>
    </message>
    <message>
        <source>: expected "%1" alone; found "%2"</source>
        <translation>: erwartet "%1" allein; gefunden "%2"</translation>
    </message>
    <message>
        <source>: expected floats, found %1: a packing that is not known</source>
        <translation>: erwartet Gleitkommazahlen, gefunden %1: eine Packung, die nicht bekannt ist</translation>
    </message>
    <message>
        <source>: expected floats, found %1</source>
        <translation>: erwartet Gleitkommazahlen, gefunden %1</translation>
    </message>
    <message>
        <source>: expected %1 slices, found shape %2</source>
        <translation>: erwartet %1 Scheiben, gefunden Form %2</translation>
    </message>
    <message>
        <source>: expected shape %1, found %2</source>
        <translation>: erwartet Form %1, gefunden %2</translation>
    </message>
    <message>
        <source>: expected one scale for the matrix, for each of %1 rows or groups of them, or for blocks of 128 x 128, found shape %2</source>
        <translation>: erwartet eine Skala für die Matrix, für jede von %1 Zeilen oder Gruppen davon, oder für Blöcke von 128 x 128, gefunden Form %2</translation>
    </message>
    <message>
        <source>: expected rows of an even number of values, config.json gives %1</source>
        <translation>: erwartet Zeilen mit einer geraden Zahl von Werten, config.json nennt %1</translation>
    </message>
    <message>
        <source>: NVFP4 without a scale of all: expected "%1" with a global_scale</source>
        <translation>: NVFP4 ohne Skala für alle: erwartet "%1" mit einem global_scale</translation>
    </message>
    <message>
        <source>: NVFP4 without a scale of all: expected "%1_2"</source>
        <translation>: NVFP4 ohne Skala für alle: erwartet "%1_2"</translation>
    </message>
    <message>
        <source>%1: tensor "%2": expected shape %3, found %4</source>
        <translation>%1: Tensor "%2": erwartet Form %3, gefunden %4</translation>
    </message>
    <message>
        <source>%1: tensor "%2": expected rows of a multiple of 32 values, config.json gives %3</source>
        <translation>%1: Tensor "%2": erwartet Zeilen mit einem Vielfachen von 32 Werten, config.json nennt %3</translation>
    </message>
    <message>
        <source>%1: tensor "%2": expected dtype U8, found %3</source>
        <translation>%1: Tensor "%2": erwartet dtype U8, gefunden %3</translation>
    </message>
    <message>
        <source>%1: tensor "%2": expected scales from 0 to 254, found 255</source>
        <translation>%1: Tensor "%2": erwartet Skalen von 0 bis 254, gefunden 255</translation>
    </message>
    <message>
        <source>%1: larger than 64 MB</source>
        <translation>%1: größer als 64 MB</translation>
    </message>
    <message>
        <source>%1: nested deeper than %2</source>
        <translation>%1: tiefer verschachtelt als %2</translation>
    </message>
    <message>
        <source>%1: no tensor hidden.L; a routing trace holds the hidden states of at least one layer</source>
        <translation>%1: kein Tensor hidden.L; ein Routing-Trace enthält die Hidden States mindestens einer Schicht</translation>
    </message>
    <message>
        <source>%1: %2: expected %3</source>
        <translation>%1: %2: erwartet: %3</translation>
    </message>
    <message>
        <source>%1: no tensor %2</source>
        <translation>%1: kein Tensor %2</translation>
    </message>
    <message>
        <source>%1: domain '%2' has %3 bytes; expected at least %4 for a context of %5</source>
        <translation>%1: Domäne '%2' hat %3 Bytes; erwartet mindestens %4 für einen Kontext von %5</translation>
    </message>
    <message>
        <source>%1 (skipped)</source>
        <translation>%1 (übergangen)</translation>
    </message>
    <message>
        <source>%1: not installed on this machine</source>
        <translation>%1: auf diesem Rechner nicht installiert</translation>
    </message>
    <message>
        <source>corpus debian: fewer than two domains found; install the packages debian-faq and debian-reference</source>
        <translation>Korpus debian: weniger als zwei Domänen gefunden; bitte die Pakete debian-faq und debian-reference installieren</translation>
    </message>
    <message>
        <source>a folder</source>
        <translation>ein Ordner</translation>
    </message>
    <message>
        <source>a named pipe</source>
        <translation>eine benannte Pipe</translation>
    </message>
    <message>
        <source>a socket</source>
        <translation>ein Socket</translation>
    </message>
    <message>
        <source>a character device</source>
        <translation>ein zeichenorientiertes Gerät</translation>
    </message>
    <message>
        <source>a block device</source>
        <translation>ein blockorientiertes Gerät</translation>
    </message>
    <message>
        <source>of an unknown kind</source>
        <translation>von unbekannter Art</translation>
    </message>
    <message>
        <source> after %1 bytes</source>
        <translation> nach %1 Bytes</translation>
    </message>
    <message>
        <source>%1: its gzip data ends too soon,%2</source>
        <translation>%1: seine gzip-Daten enden zu früh,%2</translation>
    </message>
    <message>
        <source>%1: broken gzip data%2 (%3)</source>
        <translation>%1: beschädigte gzip-Daten%2 (%3)</translation>
    </message>
    <message>
        <source>%1: a link to nothing</source>
        <translation>%1: ein Verweis ins Leere</translation>
    </message>
    <message>
        <source>%1: not a regular file (%2)</source>
        <translation>%1: keine gewöhnliche Datei (%2)</translation>
    </message>
    <message>
        <source>%1: no such file</source>
        <translation>%1: es gibt keine solche Datei</translation>
    </message>
    <message>
        <source>domain '%1', %2: </source>
        <translation>Domäne '%1', %2: </translation>
    </message>
    <message>
        <source>; and %1 more</source>
        <translation>; und %1 weitere</translation>
    </message>
    <message>
        <source>domain '%1' holds zero bytes: it looks binary, and is used as it is</source>
        <translation>Domäne '%1' enthält Null-Bytes: sie sieht binär aus, und wird benutzt, wie sie ist</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>weggelassen</translation>
    </message>
    <message>
        <source>cut, since a domain is at most 4 MiB</source>
        <translation>gekürzt, denn eine Domäne hat höchstens 4 MiB</translation>
    </message>
    <message>
        <source>not read, since 4 MiB are reached</source>
        <translation>nicht gelesen, denn 4 MiB sind erreicht</translation>
    </message>
    <message>
        <source>not UTF-8, used as bytes</source>
        <translation>kein UTF-8, als Bytes benutzt</translation>
    </message>
    <message>
        <source>%1: neither a file nor a folder, left out</source>
        <translation>%1: weder Datei noch Ordner, weggelassen</translation>
    </message>
    <message>
        <source>%1: no such corpus folder; expected debian, procedural or a folder of texts</source>
        <translation>%1: es gibt keinen solchen Korpus-Ordner; erwartet debian, procedural oder ein Ordner mit Texten</translation>
    </message>
    <message>
        <source>%1: not a folder; expected a folder with one sub-folder or file for each domain</source>
        <translation>%1: kein Ordner; erwartet ein Ordner mit einem Unterordner oder einer Datei je Domäne</translation>
    </message>
    <message>
        <source>%1: only the first %2 domains are used, from '%3' on none</source>
        <translation>%1: nur die ersten %2 Domänen werden benutzt, keine ab '%3'</translation>
    </message>
    <message>
        <source>%1: no text in it, left out</source>
        <translation>%1: kein Text darin, weggelassen</translation>
    </message>
    <message>
        <source>the folder is empty</source>
        <translation>der Ordner ist leer</translation>
    </message>
    <message>
        <source>%1: no text found (%2); expected one sub-folder or file for each domain</source>
        <translation>%1: kein Text gefunden (%2); erwartet ein Unterordner oder eine Datei je Domäne</translation>
    </message>
    <message>
        <source>only one domain: specialisation by domain cannot be measured</source>
        <translation>nur eine Domäne: Spezialisierung nach Domänen lässt sich nicht messen</translation>
    </message>
    <message>
        <source>%1: ends inside the %2</source>
        <translation>%1: endet im Teil %2</translation>
    </message>
    <message>
        <source>%1: an array of %2 dimensions, expected a vector or matrix</source>
        <translation>%1: ein Feld von %2 Dimensionen, erwartet ein Vektor oder eine Matrix</translation>
    </message>
    <message>
        <source>%1: an empty array</source>
        <translation>%1: ein leeres Feld</translation>
    </message>
    <message>
        <source>%1: .npy header states %2 x %3 items of %4 bytes, but %5 bytes follow</source>
        <translation>%1: der .npy-Kopf nennt %2 x %3 Werte von %4 Bytes, aber %5 Bytes folgen</translation>
    </message>
    <message>
        <source>%1: .npy header, character %2: %3</source>
        <translation>%1: .npy-Kopf, Zeichen %2: %3</translation>
    </message>
    <message>
        <source>%1: .npy header: expected descr %2</source>
        <translation>%1: .npy-Kopf: erwartet descr %2</translation>
    </message>
    <message>
        <source>%1: expected a .npy file (it does not begin with \x93NUMPY)</source>
        <translation>%1: erwartet eine .npy-Datei (sie beginnt nicht mit \x93NUMPY)</translation>
    </message>
    <message>
        <source>%1: .npy version %2, expected 1, 2 or 3</source>
        <translation>%1: .npy-Version %2, erwartet 1, 2 oder 3</translation>
    </message>
    <message>
        <source>%1: .npy header of %2 bytes, expected at most 65536</source>
        <translation>%1: .npy-Kopf von %2 Bytes, erwartet höchstens 65536</translation>
    </message>
    <message>
        <source>two arrays of the name %1</source>
        <translation>zwei Felder mit dem Namen %1</translation>
    </message>
    <message>
        <source>the array %1 makes the archive larger than 4 GiB, the most that a plain ZIP file holds</source>
        <translation>mit dem Feld %1 wird das Archiv größer als 4 GiB, mehr als eine einfache ZIP-Datei fasst</translation>
    </message>
    <message>
        <source>matrices of different shapes in the array %1</source>
        <translation>Matrizen verschiedener Form im Feld %1</translation>
    </message>
    <message>
        <source>%1: cannot be written: %2</source>
        <translation>%1: lässt sich nicht schreiben: %2</translation>
    </message>
    <message>
        <source>a named pipe that nothing reads</source>
        <translation>eine benannte Pipe, aus der niemand liest</translation>
    </message>
    <message>
        <source>another program is writing it</source>
        <translation>ein anderes Programm schreibt sie gerade</translation>
    </message>
    <message>
        <source>; the %1 lines before stay</source>
        <translation>; die %1 Zeilen davor bleiben</translation>
    </message>
    <message>
        <source>%1: expected the directory of a ZIP archive at its end: is it truncated?</source>
        <translation>%1: erwartet am Ende das Verzeichnis eines ZIP-Archivs: ist es abgeschnitten?</translation>
    </message>
    <message>
        <source>%1expected its entry in the directory</source>
        <translation>%1erwartet sein Eintrag im Verzeichnis</translation>
    </message>
    <message>
        <source>%1its entry is longer than the directory</source>
        <translation>%1sein Eintrag ist länger als das Verzeichnis</translation>
    </message>
    <message>
        <source>%1expected less than 4 GB</source>
        <translation>%1erwartet weniger als 4 GB</translation>
    </message>
    <message>
        <source>%1is encrypted</source>
        <translation>%1ist verschlüsselt</translation>
    </message>
    <message>
        <source>%1expected method 0 (stored) or 8 (deflate), found %2</source>
        <translation>%1erwartet Verfahren 0 (unverändert) oder 8 (deflate), gefunden %2</translation>
    </message>
    <message>
        <source>%1expected its header inside the file</source>
        <translation>%1erwartet sein Kopf in der Datei</translation>
    </message>
    <message>
        <source>%1ends behind the file</source>
        <translation>%1endet hinter der Datei</translation>
    </message>
    <message>
        <source>%1states %2 bytes, which its %3 packed ones cannot expand to</source>
        <translation>%1nennt %2 Bytes, wozu seine %3 gepackten nicht werden können</translation>
    </message>
    <message>
        <source>%1: zlib cannot start</source>
        <translation>%1: zlib kann nicht beginnen</translation>
    </message>
    <message>
        <source>%1: ends too early</source>
        <translation>%1: endet zu früh</translation>
    </message>
    <message>
        <source>%1: its packed bytes are damaged or expand to less than stated</source>
        <translation>%1: seine gepackten Bytes sind beschädigt oder werden zu weniger, als es nennt</translation>
    </message>
    <message>
        <source>%1: %2 bytes follow the array</source>
        <translation>%1: %2 Bytes folgen auf das Feld</translation>
    </message>
    <message>
        <source>%1: its checksum is wrong</source>
        <translation>%1: seine Prüfsumme ist falsch</translation>
    </message>
    <message>
        <source>%1 has a control character in it</source>
        <translation>%1 enthält ein Steuerzeichen</translation>
    </message>
    <message>
        <source>knob %1</source>
        <translation>Regler %1</translation>
    </message>
    <message>
        <source>knob width is %1; expected a multiple of heads (%2)</source>
        <translation>Regler width ist %1; erwartet ein Vielfaches von heads (%2)</translation>
    </message>
    <message>
        <source>knob top-k is %1; expected at most experts (%2)</source>
        <translation>Regler top-k ist %1; erwartet höchstens experts (%2)</translation>
    </message>
    <message>
        <source>knob frame-rank is %1; expected less than width (%2)</source>
        <translation>Regler frame-rank ist %1; erwartet weniger als width (%2)</translation>
    </message>
    <message>
        <source>knob corpus is empty; expected debian, procedural or a folder</source>
        <translation>Regler corpus ist leer; erwartet debian, procedural oder ein Ordner</translation>
    </message>
    <message>
        <source>%1: expected %2</source>
        <translation>%1: erwartet: %2</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>expected one flat JSON object</source>
        <translation>erwartet ein flaches JSON-Objekt</translation>
    </message>
    <message>
        <source>expected a JSON object</source>
        <translation>erwartet ein JSON-Objekt</translation>
    </message>
    <message>
        <source>%1 is missing</source>
        <translation>%1 fehlt</translation>
    </message>
    <message>
        <source>there is no knob "%1"</source>
        <translation>es gibt keinen Regler "%1"</translation>
    </message>
    <message>
        <source>%1: knobs: %2</source>
        <translation>%1: Regler: %2</translation>
    </message>
    <message>
        <source>%1 is %2; expected a whole number from %3 to %4</source>
        <translation>%1 ist %2; erwartet eine ganze Zahl von %3 bis %4</translation>
    </message>
    <message>
        <source>%1 is %2; expected %3 to %4</source>
        <translation>%1 ist %2; erwartet %3 bis %4</translation>
    </message>
    <message>
        <source>%1 is '%2'; expected %3</source>
        <translation>%1 ist '%2'; erwartet %3</translation>
    </message>
    <message>
        <source>a lens has no setting '%1'</source>
        <translation>eine Linse hat keine Einstellung '%1'</translation>
    </message>
    <message>
        <source>the snapshot has no MoE layer</source>
        <translation>die Momentaufnahme hat keine MoE-Schicht</translation>
    </message>
    <message>
        <source>the layer's rule starts from its trained gates, which the snapshot does not hold</source>
        <translation>die Regel der Schicht geht von ihren trainierten Gates aus, die der Momentaufnahme fehlen</translation>
    </message>
    <message>
        <source>router '%1' is not known; expected one of %2</source>
        <translation>der Router '%1' ist nicht bekannt; erwartet einer von %2</translation>
    </message>
    <message>
        <source>damaged: no compressed data that says how long it is</source>
        <translation>beschädigt: keine gepackten Daten, die sagen, wie lang sie sind</translation>
    </message>
    <message>
        <source>claims %1 bytes; at most %2 are read</source>
        <translation>nennt %1 Bytes; höchstens %2 werden gelesen</translation>
    </message>
    <message>
        <source>damaged: %1</source>
        <translation>beschädigt: %1</translation>
    </message>
    <message>
        <source>damaged: shorter than it says</source>
        <translation>beschädigt: kürzer, als es sagt</translation>
    </message>
    <message>
        <source>not a session: no SQLite database, or its beginning is damaged</source>
        <translation>keine Sitzung: keine SQLite-Datenbank, oder ihr Anfang ist beschädigt</translation>
    </message>
    <message>
        <source>damaged: what SQLite reads in it is not whole</source>
        <translation>beschädigt: was SQLite darin liest, ist nicht ganz</translation>
    </message>
    <message>
        <source>no space is left</source>
        <translation>kein Platz mehr</translation>
    </message>
    <message>
        <source>may only be read here</source>
        <translation>darf hier nur gelesen werden</translation>
    </message>
    <message>
        <source>another program is writing to it</source>
        <translation>ein anderes Programm schreibt gerade hinein</translation>
    </message>
    <message>
        <source>its folder has no locks that hold</source>
        <translation>in ihrem Ordner halten keine Sperren</translation>
    </message>
    <message>
        <source>out of memory</source>
        <translation>kein Arbeitsspeicher mehr</translation>
    </message>
    <message>
        <source>%1: is this session itself</source>
        <translation>%1: ist diese Sitzung selbst</translation>
    </message>
    <message>
        <source>cannot be written: %1</source>
        <translation>lässt sich nicht schreiben: %1</translation>
    </message>
    <message>
        <source>another Moescope is writing to it; here it may only be read</source>
        <translation>ein anderes Moescope schreibt gerade hinein; hier darf sie nur gelesen werden</translation>
    </message>
    <message>
        <source>its folder has no locks that hold (%1), and without them no session can be kept there</source>
        <translation>in ihrem Ordner halten keine Sperren (%1), und ohne sie lässt sich dort keine Sitzung behalten</translation>
    </message>
    <message>
        <source>%1; what its journal %2-wal holds is not read</source>
        <translation>%1; was ihr Journal %2-wal enthält, wird nicht gelesen</translation>
    </message>
    <message>
        <source>%1; what its journal holds is not read</source>
        <translation>%1; was ihr Journal enthält, wird nicht gelesen</translation>
    </message>
    <message>
        <source>%1: longer than %2 bytes</source>
        <translation>%1: länger als %2 Bytes</translation>
    </message>
    <message>
        <source>the probe %1 is missing</source>
        <translation>die Sonde %1 fehlt</translation>
    </message>
    <message>
        <source>probe %1</source>
        <translation>Sonde %1</translation>
    </message>
    <message>
        <source>a snapshot is gone that was there before</source>
        <translation>eine Momentaufnahme ist weg, die vorher da war</translation>
    </message>
    <message>
        <source>snapshot of step %1</source>
        <translation>Momentaufnahme von Schritt %1</translation>
    </message>
    <message>
        <source>%1: is of step %2</source>
        <translation>%1: gehört zu Schritt %2</translation>
    </message>
    <message>
        <source>an analysis is gone that was there before</source>
        <translation>eine Analyse ist weg, die vorher da war</translation>
    </message>
    <message>
        <source>analysis of layer %1, step %2</source>
        <translation>Analyse von Schicht %1, Schritt %2</translation>
    </message>
    <message>
        <source>%1: is of another layer or step</source>
        <translation>%1: gehört zu einer anderen Schicht oder einem anderen Schritt</translation>
    </message>
    <message>
        <source>a failed analysis</source>
        <translation>eine gescheiterte Analyse</translation>
    </message>
    <message>
        <source>a step's router</source>
        <translation>der Router eines Schritts</translation>
    </message>
    <message>
        <source>step %1: has a layer %2</source>
        <translation>Schritt %1: hat eine Schicht %2</translation>
    </message>
    <message>
        <source>generation %1: step %2 is not in the file</source>
        <translation>Generation %1: Schritt %2 ist nicht in der Datei</translation>
    </message>
    <message>
        <source>generation %1: steps %2 to %3 are not in the file</source>
        <translation>Generation %1: die Schritte %2 bis %3 sind nicht in der Datei</translation>
    </message>
    <message>
        <source>generation %1: damaged: all its steps are lost</source>
        <translation>Generation %1: beschädigt: alle ihre Schritte sind verloren</translation>
    </message>
    <message>
        <source>generation %1: damaged: the steps after %2 are lost</source>
        <translation>Generation %1: beschädigt: die Schritte nach %2 sind verloren</translation>
    </message>
    <message>
        <source>generation %1: damaged: the steps before %2 are lost</source>
        <translation>Generation %1: beschädigt: die Schritte vor %2 sind verloren</translation>
    </message>
    <message>
        <source>generation %1: damaged: the steps after %2 and before %3 are lost</source>
        <translation>Generation %1: beschädigt: die Schritte nach %2 und vor %3 sind verloren</translation>
    </message>
    <message>
        <source>a knob change</source>
        <translation>eine Änderung eines Reglers</translation>
    </message>
    <message>
        <source>knob change at step %1</source>
        <translation>Änderung eines Reglers bei Schritt %1</translation>
    </message>
    <message>
        <source>model of generation %1, step %2</source>
        <translation>Modell der Generation %1, Schritt %2</translation>
    </message>
    <message>
        <source>%1: is gone</source>
        <translation>%1: ist weg</translation>
    </message>
    <message>
        <source>the state of the window</source>
        <translation>der Zustand des Fensters</translation>
    </message>
    <message>
        <source>a bookmark</source>
        <translation>ein Lesezeichen</translation>
    </message>
    <message>
        <source>holds no model of generation %1 at step %2</source>
        <translation>enthält kein Modell der Generation %1 bei Schritt %2</translation>
    </message>
    <message>
        <source>an empty database: no session was begun in it</source>
        <translation>eine leere Datenbank: darin wurde keine Sitzung begonnen</translation>
    </message>
    <message>
        <source>not a session: a database of another program</source>
        <translation>keine Sitzung: die Datenbank eines anderen Programms</translation>
    </message>
    <message>
        <source>written by a newer Moescope (sessions of version %1; this one reads %2)</source>
        <translation>von einem neueren Moescope geschrieben (Sitzungen der Version %1; dieses liest %2)</translation>
    </message>
    <message>
        <source>not a session: it has "%1", which none has</source>
        <translation>keine Sitzung: sie hat "%1", was keine hat</translation>
    </message>
    <message>
        <source>not a session: its table %1 is another one</source>
        <translation>keine Sitzung: ihre Tabelle %1 ist eine andere</translation>
    </message>
    <message>
        <source>not a session: it has no table %1</source>
        <translation>keine Sitzung: sie hat keine Tabelle %1</translation>
    </message>
    <message>
        <source>%1: holds no snapshot</source>
        <translation>%1: enthält keine Momentaufnahme</translation>
    </message>
    <message>
        <source>a model of %1 bytes; a session keeps those of at most %2</source>
        <translation>ein Modell von %1 Bytes; eine Sitzung behält solche bis %2</translation>
    </message>
    <message>
        <source>%1: its folder has no locks that hold, and without them no session can be kept there</source>
        <translation>%1: in ihrem Ordner halten keine Sperren, und ohne sie lässt sich dort keine Sitzung behalten</translation>
    </message>
    <message>
        <source>%1: %2%3: expected %4</source>
        <translation>%1: %2%3: erwartet: %4</translation>
    </message>
    <message>
        <source>the loss or its gradient is not finite at step %1</source>
        <translation>der Verlust oder sein Gradient ist bei Schritt %1 nicht endlich</translation>
    </message>
    <message>
        <source>the analysis of experts failed: %1</source>
        <translation>die Analyse der Experten ist gescheitert: %1</translation>
    </message>
    <message>
        <source>going back to the model of step %1</source>
        <translation>zurück zum Modell von Schritt %1</translation>
    </message>
    <message>
        <source>loading the model of step %1</source>
        <translation>lädt das Modell von Schritt %1</translation>
    </message>
    <message>
        <source>%1 (and %2 more)</source>
        <translation>%1 (und %2 weitere)</translation>
    </message>
    <message>
        <source>the model to go back to is kept no longer: the memory for such models was full</source>
        <translation>das Modell, zu dem es zurückgehen soll, ist nicht mehr behalten: der Speicher für solche Modelle war voll</translation>
    </message>
    <message>
        <source>%1: training is paused and the last good state is kept; reset, or lower the learning rate</source>
        <translation>%1: das Training hält an, der letzte gute Zustand ist behalten; bitte neu beginnen oder die Lernrate senken</translation>
    </message>
    <message>
        <source>%1: __metadata__ has no %2: this is no state of a model that this program wrote</source>
        <translation>%1: __metadata__ hat kein %2: das ist kein Zustand eines Modells, den dieses Programm schrieb</translation>
    </message>
    <message>
        <source>__metadata__: format is "%1", expected pt</source>
        <translation>__metadata__: format ist "%1", erwartet pt</translation>
    </message>
    <message>
        <source>%1: a model's state of version %2; this program reads version %3</source>
        <translation>%1: der Zustand eines Modells der Version %2; dieses Programm liest Version %3</translation>
    </message>
    <message>
        <source>tensor "%1": %2</source>
        <translation>Tensor "%1": %2</translation>
    </message>
    <message>
        <source>__metadata__ has no %1</source>
        <translation>__metadata__ hat kein %1</translation>
    </message>
    <message>
        <source>__metadata__: %1 is "%2", expected a number</source>
        <translation>__metadata__: %1 ist "%2", erwartet eine Zahl</translation>
    </message>
    <message>
        <source>__metadata__: %1 is %2, expected at least 0</source>
        <translation>__metadata__: %1 ist %2, erwartet mindestens 0</translation>
    </message>
    <message>
        <source>it is missing</source>
        <translation>er fehlt</translation>
    </message>
    <message>
        <source>its dtype is %1, expected %2</source>
        <translation>sein dtype ist %1, erwartet %2</translation>
    </message>
    <message>
        <source>its shape is %1, expected %2</source>
        <translation>seine Form ist %1, erwartet %2</translation>
    </message>
    <message>
        <source>a value is not finite</source>
        <translation>ein Wert ist nicht endlich</translation>
    </message>
    <message>
        <source>it is %1, expected at least 0</source>
        <translation>es ist %1, erwartet mindestens 0</translation>
    </message>
    <message>
        <source>a share is below 0</source>
        <translation>ein Anteil liegt unter 0</translation>
    </message>
    <message>
        <source>this model has none of that name</source>
        <translation>dieses Modell hat keinen dieses Namens</translation>
    </message>
    <message>
        <source>tensor "blocks.%1.moe.router.%2</source>
        <translation>Tensor "blocks.%1.moe.router.%2</translation>
    </message>
    <message>
        <source>a value is below 0</source>
        <translation>ein Wert liegt unter 0</translation>
    </message>
    <message>
        <source>its last number, the place in the others, is above %1</source>
        <translation>seine letzte Zahl, die Stelle in den anderen, liegt über %1</translation>
    </message>
    <message>
        <source>no state of this generator</source>
        <translation>kein Zustand dieses Zufallsgenerators</translation>
    </message>
    <message>
        <source>%1: the text that it was trained on: %2</source>
        <translation>%1: der Text, mit dem es trainiert wurde: %2</translation>
    </message>
    <message>
        <source>__metadata__: corpus is "%1", and its text is that of %2</source>
        <translation>__metadata__: der Korpus ist "%1", sein Text aber der von %2</translation>
    </message>
    <message>
        <source>it was trained on other text of the corpus %1 (hash %2) than is here (%3)</source>
        <translation>es wurde mit anderem Text des Korpus %1 trainiert (Prüfsumme %2), als hier ist (%3)</translation>
    </message>
    <message>
        <source>%1: %2: it cannot go on as it would have</source>
        <translation>%1: %2: es kann nicht weitergehen, wie es weitergegangen wäre</translation>
    </message>
    <message>
        <source>__metadata__: %1 is "%2", expected true or false</source>
        <translation>__metadata__: %1 ist "%2", erwartet true oder false</translation>
    </message>
    <message>
        <source>__metadata__: %1 is not finite</source>
        <translation>__metadata__: %1 ist nicht endlich</translation>
    </message>
    <message>
        <source>device cuda: LibTorch finds no usable GPU on this machine; use auto or cpu</source>
        <translation>Gerät cuda: LibTorch findet auf diesem Rechner keine brauchbare GPU; bitte auto oder cpu nehmen</translation>
    </message>
    <message>
        <source>: from here on the numbers differ in their last digits from those of a run that was never left</source>
        <translation>: von hier an weichen die Zahlen in ihren letzten Stellen von denen eines Laufs ab, der nie verlassen wurde</translation>
    </message>
    <message>
        <source>this model was trained on %1 and goes on on %2</source>
        <translation>dieses Modell wurde auf %1 trainiert und geht auf %2 weiter</translation>
    </message>
    <message>
        <source>this model was trained by %1 threads and goes on by %2</source>
        <translation>dieses Modell wurde mit %1 Threads trainiert und geht mit %2 weiter</translation>
    </message>
    <message>
        <source>bytes to write on are %1; expected 0 to %2</source>
        <translation>%1 Bytes weiterzuschreiben; erwartet 0 bis %2</translation>
    </message>
    <message>
        <source>the temperature is no number from 0 to 100</source>
        <translation>die Temperatur ist keine Zahl von 0 bis 100</translation>
    </message>
    <message>
        <source>these knobs need a new model</source>
        <translation>diese Regler brauchen ein neues Modell</translation>
    </message>
    <message>
        <source>coupling-aware does nothing with the router %1: it has no rows that a gradient trains</source>
        <translation>coupling-aware bewirkt nichts beim Router %1: er hat keine Zeilen, die ein Gradient trainiert</translation>
    </message>
    <message>
        <source>the schedule ends at step %1, before the warm-up does at step %2: the learning rate falls to a tenth at once after it</source>
        <translation>der Lernratenplan endet bei Schritt %1, vor dem Aufwärmen bei Schritt %2: die Lernrate fällt danach sofort auf ein Zehntel</translation>
    </message>
    <message>
        <source>capacity does nothing with the router %1: its tokens do not choose k experts</source>
        <translation>Kapazität bewirkt nichts beim Router %1: seine Token wählen nicht k Experten</translation>
    </message>
    <message>
        <source>Experts are centres of clusters of tokens</source>
        <translation>Experten sind Mittelpunkte von Haufen von Token</translation>
    </message>
    <message>
        <source>Each centre follows its tokens</source>
        <translation>Jeder Mittelpunkt folgt seinen Token</translation>
    </message>
    <message>
        <source>After 300 steps</source>
        <translation>Nach 300 Schritten</translation>
    </message>
    <message>
        <source>What the auxiliary loss does to router directions</source>
        <translation>Was der Hilfsverlust mit den Routerrichtungen macht</translation>
    </message>
    <message>
        <source>The same text, seed and first weights; top-1 on both sides</source>
        <translation>Derselbe Text und Seed, dieselben ersten Gewichte; Top-1 auf beiden Seiten</translation>
    </message>
    <message>
        <source>A: no balancing. B: Switch's auxiliary loss at weight 0.1</source>
        <translation>A: kein Ausgleich. B: der Hilfsverlust von Switch mit Gewicht 0.1</translation>
    </message>
    <message>
        <source>Each point is a router direction, as large as its load: near points point alike</source>
        <translation>Jeder Punkt ist eine Routerrichtung, so groß wie ihre Last: nahe Punkte zeigen in ähnliche Richtungen</translation>
    </message>
    <message>
        <source>Experts on the Grassmannian while they learn</source>
        <translation>Experten auf der Grassmann-Mannigfaltigkeit, während sie lernen</translation>
    </message>
    <message>
        <source>GrMoE before training: each expert is a random subspace of the tokens' space</source>
        <translation>GrMoE vor dem Training: jeder Experte ist ein zufälliger Unterraum des Raums der Token</translation>
    </message>
    <message>
        <source>Left: the subspaces move into clouds of tokens. Right, each as one point, with its way over the run</source>
        <translation>Links: die Unterräume wandern in Wolken von Token. Rechts jeder als ein Punkt, mit seinem Weg durch den Lauf</translation>
    </message>
    <message>
        <source>Soft against top-k: the subspaces that experts share</source>
        <translation>Soft gegen Top-k: die Unterräume, die Experten teilen</translation>
    </message>
    <message>
        <source>The same text, seed and model; only the router differs</source>
        <translation>Derselbe Text und Seed, dasselbe Modell; nur der Router ist ein anderer</translation>
    </message>
    <message>
        <source>A: every expert works on every token. B: two experts for each token</source>
        <translation>A: jeder Experte bearbeitet jedes Token. B: zwei Experten je Token</translation>
    </message>
    <message>
        <source>After 300 steps: yellow is shared; below, the angles of every pair beside those of random subspaces</source>
        <translation>Nach 300 Schritten: Gelb ist geteilt; darunter die Winkel jedes Paars neben denen zufälliger Unterräume</translation>
    </message>
    <message>
        <source>DeepSeek-V3's bias balances without a loss</source>
        <translation>Der Bias von DeepSeek-V3 gleicht ohne Verlust aus</translation>
    </message>
    <message>
        <source>While it learns</source>
        <translation>Während er lernt</translation>
    </message>
    <message>
        <source>Top-1 without balance, beside GrMoE</source>
        <translation>Top-1 ohne Ausgleich, neben GrMoE</translation>
    </message>
    <message>
        <source>The same text, seed and model on both sides; only the router differs</source>
        <translation>Derselbe Text und Seed, dasselbe Modell auf beiden Seiten; nur der Router ist ein anderer</translation>
    </message>
    <message>
        <source>A: top-1 with nothing that balances it. B: GrMoE</source>
        <translation>A: Top-1 ohne etwas, das ausgleicht. B: GrMoE</translation>
    </message>
    <message>
        <source>After 300 steps: what each expert was given</source>
        <translation>Nach 300 Schritten: was jeder Experte bekam</translation>
    </message>
    <message>
        <source>Router rows beside experts' input weights, before training</source>
        <translation>Routerzeilen neben den Eingangsgewichten der Experten, vor dem Training</translation>
    </message>
    <message>
        <source>While they learn</source>
        <translation>Während sie lernen</translation>
    </message>
    <message>
        <source>After 400 steps</source>
        <translation>Nach 400 Schritten</translation>
    </message>
    <message>
        <source>Concentration 0: every expert is equally likely for every token</source>
        <translation>Konzentration 0: jeder Experte ist für jedes Token gleich wahrscheinlich</translation>
    </message>
    <message>
        <source>The concentration multiplies every router logit: gates sharpen, entropy falls</source>
        <translation>Die Konzentration multipliziert jedes Router-Logit: Gates werden schärfer, die Entropie fällt</translation>
    </message>
    <message>
        <source>Concentration 1: the router as it was trained</source>
        <translation>Konzentration 1: der Router, wie er trainiert wurde</translation>
    </message>
    <message>
        <source>Beyond: towards one expert for each token</source>
        <translation>Darüber hinaus: auf einen Experten je Token zu</translation>
    </message>
    <message>
        <source>Concentration 16: nearly one-hot</source>
        <translation>Konzentration 16: fast One-hot</translation>
    </message>
    <message>
        <source>Top-k beside GrMoE</source>
        <translation>Top-k neben GrMoE</translation>
    </message>
    <message>
        <source>The same text, seed and model on both sides; A: top-k, B: GrMoE</source>
        <translation>Derselbe Text und Seed, dasselbe Modell auf beiden Seiten; A: Top-k, B: GrMoE</translation>
    </message>
    <message>
        <source>After 300 steps, on the same scales</source>
        <translation>Nach 300 Schritten, auf denselben Skalen</translation>
    </message>
    <message>
        <source>Two experts for each token, before training</source>
        <translation>Zwei Experten je Token, vor dem Training</translation>
    </message>
    <message>
        <source>Each expert takes at most its fair share of a batch</source>
        <translation>Jeder Experte nimmt höchstens seinen gerechten Teil eines Batches</translation>
    </message>
    <message>
        <source>What does not fit is dropped, and counted</source>
        <translation>Was nicht hineinpasst, fällt weg und wird gezählt</translation>
    </message>
    <message>
        <source>After 200 steps</source>
        <translation>Nach 200 Schritten</translation>
    </message>
    <message>
        <source>%1 token</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>%1 sequence</source>
        <translation>%1 Folge</translation>
    </message>
    <message>
        <source>%1 sequences</source>
        <translation>%1 Folgen</translation>
    </message>
    <message>
        <source>%1 run</source>
        <translation>%1 Lauf</translation>
    </message>
    <message>
        <source>%1 runs</source>
        <translation>%1 Läufe</translation>
    </message>
    <message>
        <source>%1 with ids that are all -1: left out</source>
        <translation>%1 mit lauter Nummern -1: weggelassen</translation>
    </message>
    <message>
        <source>%1 with one id %2 times in every layer, which no router gives: not filled by the engine, left out</source>
        <translation>%1 mit einer Nummer %2-mal in jeder Schicht, was kein Router ergibt: von der Engine nicht gefüllt, weggelassen</translation>
    </message>
    <message>
        <source>%1 of prompts that stand before their answers too: counted once</source>
        <translation>%1 von Prompts, die auch vor ihren Antworten stehen: einmal gezählt</translation>
    </message>
    <message>
        <source>as given</source>
        <translation>wie angegeben</translation>
    </message>
    <message>
        <source>as the file says</source>
        <translation>wie die Datei sagt</translation>
    </message>
    <message>
        <source>as in %1</source>
        <translation>wie in %1</translation>
    </message>
    <message>
        <source>%1 of %2 (%3) are the beginning of another, as when each turn repeats the conversation so far: counted once</source>
        <translation>%1 von %2 (%3) sind der Anfang einer anderen, so wie wenn jede Runde das bisherige Gespräch wiederholt: einmal gezählt</translation>
    </message>
    <message>
        <source>%1 begin with the same tokens as another and go on otherwise: these %2 are counted each time</source>
        <translation>%1 mit demselben Anfang wie eine andere, danach verschieden: diese %2 sind jedes Mal gezählt</translation>
    </message>
    <message>
        <source>all %1 layers</source>
        <translation>alle %1 Schichten</translation>
    </message>
    <message>
        <source>the only layer</source>
        <translation>die einzige Schicht</translation>
    </message>
    <message>
        <source>%1 in %2 of identical rows over %3 (the longest %4): all but impossible for different tokens; a buffer of the engine that was not renewed, or one text token over and over</source>
        <translation>%1, %2 gleicher Zeilen über %3 (längster: %4): bei verschiedenen Token so gut wie unmöglich; ein Puffer der Engine, der nicht erneuert wurde, oder ein Texttoken immer wieder</translation>
    </message>
    <message>
        <source>%1 at the ends of sequences have the same experts in %2: all but impossible for tokens, usual for padding</source>
        <translation>%1 an den Enden von Folgen mit denselben Experten über %2: bei Token so gut wie unmöglich, bei Auffüllung üblich</translation>
    </message>
    <message>
        <source>%1 of identical rows left out, as was asked for</source>
        <translation>%1 gleicher Zeilen weggelassen, wie verlangt</translation>
    </message>
    <message>
        <source>experts as the engine chose them; %1 of them, %2</source>
        <translation>Experten, wie die Engine sie wählte; %1 davon, %2</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
    <message>
        <source>not of %1, which is open: shown by itself (%2)</source>
        <translation>nicht von %1, das geöffnet ist: für sich gezeigt (%2)</translation>
    </message>
    <message>
        <source>left out: %1</source>
        <translation>weggelassen: %1</translation>
    </message>
    <message>
        <source>Jacobians of experts this large take too long or too much memory</source>
        <translation>Jacobi-Matrizen so großer Experten brauchen zu viel Zeit oder Speicher</translation>
    </message>
    <message>
        <source>layer %1: router logits of %2 of %3 tokens; their routing is not known, and no measure of it is a number</source>
        <translation>Schicht %1: Logits des Routers von %2 von %3 Token; ihr Routing ist unbekannt, und kein Maß davon ist eine Zahl</translation>
    </message>
    <message>
        <source>layer %1: the trace has expert_ids without gates: weights are %2, and of %3 choices that it does not make, the score</source>
        <translation>Schicht %1: das Trace hat expert_ids ohne gates: Gewichte sind, %2, und bei %3 Wahlen, die so nicht fallen, der Wert</translation>
    </message>
    <message>
        <source>layer %1: the trace has expert_ids without gates: weights are %2</source>
        <translation>Schicht %1: das Trace hat expert_ids ohne gates: Gewichte sind, %2</translation>
    </message>
    <message>
        <source>products of %1 directions at one token need more than %2 MiB of memory</source>
        <translation>Produkte von %1 Richtungen an einem Token brauchen mehr als %2 MiB Speicher</translation>
    </message>
    <message>
        <source>the shared expert</source>
        <translation>der geteilte Experte</translation>
    </message>
    <message>
        <source>layer %1: no direction: the Jacobian is 0 at all %2 shared tokens for %3; alignment with it is not a number</source>
        <translation>Schicht %1: keine Richtung, denn die Jacobi-Matrix ist an allen %2 gemeinsamen Token 0: %3; die Ausrichtung daran ist keine Zahl</translation>
    </message>
    <message>
        <source>layer %1: no direction at some of the %2 shared tokens, where the Jacobian is 0: %3; these are left out of the mean</source>
        <translation>Schicht %1: keine Richtung an einigen der %2 gemeinsamen Token, wo die Jacobi-Matrix 0 ist: %3; diese fehlen im Mittel</translation>
    </message>
    <message>
        <source>layer %1: W_gate spans fewer than %2 directions: expert %3; left out of the overlap of weight subspaces</source>
        <translation>Schicht %1: W_gate spannt weniger als %2 Richtungen auf: Experte %3; weggelassen bei der Überlappung der Unterräume der Gewichte</translation>
    </message>
    <message>
        <source>layer %1: no direction: the router row has length 0 for expert %2; cosines with it are not numbers</source>
        <translation>Schicht %1: keine Richtung, denn die Routerzeile hat Länge 0: Experte %2; Kosinus damit sind keine Zahlen</translation>
    </message>
    <message>
        <source>opening %1</source>
        <translation>öffnet %1</translation>
    </message>
    <message>
        <source>reading layer %1</source>
        <translation>liest Schicht %1</translation>
    </message>
    <message>
        <source>reading the tokens of layer %1: %2 of %3</source>
        <translation>liest die Token von Schicht %1: %2 von %3</translation>
    </message>
    <message>
        <source>shared against routed experts, layer %1 (%2 of %3): %4 of %5 experts (Escape stops)</source>
        <translation>geteilte gegen geroutete Experten, Schicht %1 (%2 von %3): %4 von %5 Experten (Escape hält an)</translation>
    </message>
    <message>
        <source>shared against routed experts: stopped at layer %1</source>
        <translation>geteilte gegen geroutete Experten: bei Schicht %1 angehalten</translation>
    </message>
    <message>
        <source>comparing the experts of layer %1 (Escape stops)</source>
        <translation>vergleicht die Experten von Schicht %1 (Escape hält an)</translation>
    </message>
    <message>
        <source>analysing layer %1: %2 of %3 experts (Escape stops)</source>
        <translation>analysiert Schicht %1: %2 von %3 Experten (Escape hält an)</translation>
    </message>
    <message>
        <source>the analysis of layer %1 was stopped</source>
        <translation>die Analyse von Schicht %1 wurde angehalten</translation>
    </message>
    <message>
        <source>no display to open a window on; `moescope render` and --screenshot draw without one</source>
        <translation>keine Anzeige, um ein Fenster darauf zu öffnen; `moescope render` und --screenshot zeichnen ohne eine</translation>
    </message>
</context>
<context>
    <name>moescope</name>
    <message>
        <source>no analysis of this layer yet</source>
        <translation>noch keine Analyse dieser Schicht</translation>
    </message>
    <message>
        <source>no analysis yet: it is measured beside training, every few seconds</source>
        <translation>noch keine Analyse: sie wird neben dem Training gemessen, alle paar Sekunden</translation>
    </message>
    <message>
        <source>layer </source>
        <translation>Schicht </translation>
    </message>
    <message>
        <source>, step </source>
        <translation>, Schritt </translation>
    </message>
    <message>
        <source>fewer than two experts </source>
        <translation>weniger als zwei Experten </translation>
    </message>
    <message>
        <source>have a W_gate that spans </source>
        <translation>haben ein W_gate, das </translation>
    </message>
    <message>
        <source> directions</source>
        <translation> Richtungen aufspannt</translation>
    </message>
    <message>
        <source>were given tokens that span </source>
        <translation>bekamen Token, die </translation>
    </message>
    <message>
        <source> directions (</source>
        <translation> Richtungen aufspannen (</translation>
    </message>
    <message>
        <source> tokens or more)</source>
        <translation> Token oder mehr)</translation>
    </message>
    <message>
        <source> of </source>
        <translation> von </translation>
    </message>
    <message>
        <source> experts left out: </source>
        <translation> Experten weggelassen: </translation>
    </message>
    <message>
        <source>their W_gate spans less</source>
        <translation>ihr W_gate spannt weniger auf</translation>
    </message>
    <message>
        <source>too few tokens</source>
        <translation>zu wenige Token</translation>
    </message>
    <message>
        <source>row: </source>
        <translation>Zeile: </translation>
    </message>
    <message>
        <source>, column: </source>
        <translation>, Spalte: </translation>
    </message>
    <message>
        <source> by </source>
        <translation> × </translation>
    </message>
    <message>
        <source>random subspaces, simulated: angle %.0f</source>
        <translation>zufällige Unterräume, simuliert: Winkel %.0f</translation>
    </message>
    <message>
        <source> is %.1f degrees</source>
        <translation> ist %.1f Grad</translation>
    </message>
    <message>
        <source>, 5 to 95 %%: %.1f</source>
        <translation>, 5 bis 95 %%: %.1f</translation>
    </message>
    <message>
        <source> to %.1f</source>
        <translation> bis %.1f</translation>
    </message>
    <message>
        <source>null %.2f</source>
        <translation>Null %.2f</translation>
    </message>
    <message>
        <source>needs the experts' weights and tokens</source>
        <translation>braucht Gewichte und Token der Experten</translation>
    </message>
    <message>
        <source>Geometric asymmetry</source>
        <translation>Geometrische Asymmetrie</translation>
    </message>
    <message>
        <source>each point is a pair of experts: mean |z| %.2f</source>
        <translation>jeder Punkt ein Paar von Experten: Mittel |z| %.2f</translation>
    </message>
    <message>
        <source>, mean overlap %.3f</source>
        <translation>, mittlere Überlappung %.3f</translation>
    </message>
    <message>
        <source>; pairs without both numbers, left out: </source>
        <translation>; Paare ohne beide Zahlen, weggelassen: </translation>
    </message>
    <message>
        <source>some left out; mean |z| %.2f</source>
        <translation>einige weggelassen; Mittel |z| %.2f</translation>
    </message>
    <message>
        <source>mean |z| %.2f</source>
        <translation>Mittel |z| %.2f</translation>
    </message>
    <message>
        <source>|z| of the Jacobian alignment</source>
        <translation>|z| der Jacobi-Ausrichtung</translation>
    </message>
    <message>
        <source>overlap of subspaces (mean cos²)</source>
        <translation>Überlappung der Unterräume (Mittel cos²)</translation>
    </message>
    <message>
        <source>overlap</source>
        <translation>Überlappung</translation>
    </message>
    <message>
        <source>independent</source>
        <translation>unabhängig</translation>
    </message>
    <message>
        <source>random r/d</source>
        <translation>Zufall r/d</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>: Jacobian alignment z %.2f</source>
        <translation>: Jacobi-Ausrichtung z %.2f</translation>
    </message>
    <message>
        <source>, overlap %.3f</source>
        <translation>, Überlappung %.3f</translation>
    </message>
    <message>
        <source>. Rings, pinned: </source>
        <translation>. Ringe, festgehalten: </translation>
    </message>
    <message>
        <source>, mean |z| %.2f</source>
        <translation>, Mittel |z| %.2f</translation>
    </message>
    <message>
        <source>pinned </source>
        <translation>festgehalten </translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>noch nicht gemessen</translation>
    </message>
    <message>
        <source>: mean |z| %.2f of the Jacobian alignment</source>
        <translation>: Mittel |z| %.2f der Jacobi-Ausrichtung</translation>
    </message>
    <message>
        <source> (independent at one token sqrt(2 / pi) = 0.80, over many less)
</source>
        <translation> (unabhängig an einem Token sqrt(2 / pi) = 0.80, über viele weniger)
</translation>
    </message>
    <message>
        <source>mean overlap %.3f</source>
        <translation>mittlere Überlappung %.3f</translation>
    </message>
    <message>
        <source> (random r/d %.3f)</source>
        <translation> (Zufall r/d %.3f)</translation>
    </message>
    <message>
        <source>Entropy against concentration</source>
        <translation>Entropie über der Konzentration</translation>
    </message>
    <message>
        <source>mean token entropy never rises with the concentration</source>
        <translation>die mittlere Entropie der Token steigt nie mit der Konzentration</translation>
    </message>
    <message>
        <source>mean token entropy, Bingham reading: single tokens may rise</source>
        <translation>mittlere Entropie der Token, Lesart Bingham: einzelne Token dürfen steigen</translation>
    </message>
    <message>
        <source>never rises with α</source>
        <translation>steigt nie mit α</translation>
    </message>
    <message>
        <source>Bingham: tokens may rise</source>
        <translation>Bingham: Token dürfen steigen</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>gemessen</translation>
    </message>
    <message>
        <source>between the proven bounds</source>
        <translation>zwischen den bewiesenen Schranken</translation>
    </message>
    <message>
        <source>bounds</source>
        <translation>Schranken</translation>
    </message>
    <message>
        <source>concentration α</source>
        <translation>Konzentration α</translation>
    </message>
    <message>
        <source>entropy, nats</source>
        <translation>Entropie, nats</translation>
    </message>
    <message>
        <source>log N = %.2f</source>
        <translation>log N = %.2f</translation>
    </message>
    <message>
        <source>mean entropy: </source>
        <translation>mittlere Entropie: </translation>
    </message>
    <message>
        <source>%.3f nats</source>
        <translation>%.3f nats</translation>
    </message>
    <message>
        <source> at α = %.3g</source>
        <translation> bei α = %.3g</translation>
    </message>
    <message>
        <source>, beyond this axis</source>
        <translation>, jenseits dieser Achse</translation>
    </message>
    <message>
        <source>; proven between %.3f</source>
        <translation>; bewiesen zwischen %.3f</translation>
    </message>
    <message>
        <source> and %.3f</source>
        <translation> und %.3f</translation>
    </message>
    <message>
        <source>H(t) = - sum over e of p(t, e) log p(t, e), p = softmax of the concentration times the logits
</source>
        <translation>H(t) = - Summe über e von p(t, e) log p(t, e), p = Softmax der Konzentration mal den Logits
</translation>
    </message>
    <message>
        <source>at α = %.4g: </source>
        <translation>bei α = %.4g: </translation>
    </message>
    <message>
        <source>%.4f nats, </source>
        <translation>%.4f nats, </translation>
    </message>
    <message>
        <source>proven between %.4f</source>
        <translation>bewiesen zwischen %.4f</translation>
    </message>
    <message>
        <source> and %.4f</source>
        <translation> und %.4f</translation>
    </message>
    <message>
        <source>
log N = %.4f: all experts equally</source>
        <translation>
log N = %.4f: alle Experten gleich</translation>
    </message>
    <message>
        <source>
Tempered reading: dH / dα = - α Var(logit) of each token, never above 0</source>
        <translation>
Temperierte Lesart: dH / dα = - α Var(Logit) jedes Tokens, nie über 0</translation>
    </message>
    <message>
        <source>needs router rows and the experts' weights</source>
        <translation>braucht Routerzeilen und die Gewichte der Experten</translation>
    </message>
    <message>
        <source>Router-expert coupling</source>
        <translation>Router-Experten-Kopplung</translation>
    </message>
    <message>
        <source>matched less unmatched %+.3f</source>
        <translation>gepaart weniger ungepaart %+.3f</translation>
    </message>
    <message>
        <source> of what training added; </source>
        <translation> dessen, was das Training addierte; </translation>
    </message>
    <message>
        <source>router rows: mean |cos| %.3f</source>
        <translation>Routerzeilen: Mittel |cos| %.3f</translation>
    </message>
    <message>
        <source>contrast %+.3f</source>
        <translation>Kontrast %+.3f</translation>
    </message>
    <message>
        <source>router</source>
        <translation>Router</translation>
    </message>
    <message>
        <source>|cos|</source>
        <translation>|cos|</translation>
    </message>
    <message>
        <source>router </source>
        <translation>Router </translation>
    </message>
    <message>
        <source>, expert </source>
        <translation>, Experte </translation>
    </message>
    <message>
        <source>: mean |cos|</source>
        <translation>: Mittel |cos|</translation>
    </message>
    <message>
        <source> of weights</source>
        <translation> der Gewichte</translation>
    </message>
    <message>
        <source>, of the last gradients</source>
        <translation>, der letzten Gradienten</translation>
    </message>
    <message>
        <source>, of what training added</source>
        <translation>, dessen, was das Training addierte</translation>
    </message>
    <message>
        <source> (pinned: %.3f, </source>
        <translation> (festgehalten: %.3f, </translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>gradients</source>
        <translation>Gradienten</translation>
    </message>
    <message>
        <source>movements</source>
        <translation>Bewegungen</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>matched − rest</source>
        <translation>gepaart − Rest</translation>
    </message>
    <message>
        <source>not measured: needs router rows and the experts' weights</source>
        <translation>nicht gemessen: braucht Routerzeilen und die Gewichte der Experten</translation>
    </message>
    <message>
        <source>c(a, b) = mean over hidden units i of |cos(router row a, row i of W_gate of b)|, of </source>
        <translation>c(a, b) = Mittel über verborgene Einheiten i von |cos(Routerzeile a, Zeile i von W_gate von b)|, </translation>
    </message>
    <message>
        <source>what training has added to both</source>
        <translation>dessen, was das Training zu beiden addierte</translation>
    </message>
    <message>
        <source>the weights themselves</source>
        <translation>der Gewichte selbst</translation>
    </message>
    <message>
        <source>mean of the diagonal less mean of the rest: %+.3f</source>
        <translation>Mittel der Diagonale weniger Mittel des Rests: %+.3f</translation>
    </message>
    <message>
        <source>; random %.3f</source>
        <translation>; Zufall %.3f</translation>
    </message>
    <message>
        <source>waiting for the other side</source>
        <translation>wartet auf die andere Seite</translation>
    </message>
    <message>
        <source>no difference: </source>
        <translation>keine Differenz: </translation>
    </message>
    <message>
        <source>A has </source>
        <translation>A hat </translation>
    </message>
    <message>
        <source> experts, B </source>
        <translation> Experten, B </translation>
    </message>
    <message>
        <source>; experts by number, which began alike where both have the same seed and shape</source>
        <translation>; Experten nach Nummer; sie begannen gleich, wo Seed und Form auf beiden Seiten gleich sind</translation>
    </message>
    <message>
        <source>Load per expert, B </source>
        <translation>Last je Experte, B </translation>
    </message>
    <message>
        <source>share of applied gates on the probe, B </source>
        <translation>Anteil der angewandten Gates auf der Sonde, B </translation>
    </message>
    <message>
        <source> A, in percentage points; CV </source>
        <translation> A, in Prozentpunkten; CV </translation>
    </message>
    <message>
        <source>, MaxVio </source>
        <translation>, MaxVio </translation>
    </message>
    <message>
        <source> A, points</source>
        <translation> A, Punkte</translation>
    </message>
    <message>
        <source>: load A %.2f %%</source>
        <translation>: Last A %.2f %%</translation>
    </message>
    <message>
        <source>%.2f points</source>
        <translation>%.2f Punkte</translation>
    </message>
    <message>
        <source>Score heat map, B </source>
        <translation>Punktzahl-Heatmap, B </translation>
    </message>
    <message>
        <source>A and B were given text of different domains</source>
        <translation>A und B bekamen Text verschiedener Domänen</translation>
    </message>
    <message>
        <source>mean applied gate of each domain, B </source>
        <translation>mittleres angewandtes Gate jeder Domäne, B </translation>
    </message>
    <message>
        <source> A: orange more, blue less, on a scale of ±</source>
        <translation> A: orange mehr, blau weniger, auf einer Skala von ±</translation>
    </message>
    <message>
        <source>: mean applied gate, B </source>
        <translation>: mittleres angewandtes Gate, B </translation>
    </message>
    <message>
        <source>Training, B </source>
        <translation>Training, B </translation>
    </message>
    <message>
        <source>a checkpoint does not train here</source>
        <translation>ein Checkpoint trainiert hier nicht</translation>
    </message>
    <message>
        <source>curves begin with the second step</source>
        <translation>Kurven beginnen mit dem zweiten Schritt</translation>
    </message>
    <message>
        <source>no difference: every curve is the same on both sides</source>
        <translation>keine Differenz: alle Kurven sind auf beiden Seiten gleich</translation>
    </message>
    <message>
        <source> more in a higher view; </source>
        <translation> mehr in einer höheren Ansicht; </translation>
    </message>
    <message>
        <source>running means at the same step, B </source>
        <translation>laufende Mittel beim selben Schritt, B </translation>
    </message>
    <message>
        <source> A; layer </source>
        <translation> A; Schicht </translation>
    </message>
    <message>
        <source> of A, </source>
        <translation> von A, </translation>
    </message>
    <message>
        <source> of B</source>
        <translation> von B</translation>
    </message>
    <message>
        <source> at step </source>
        <translation> bei Schritt </translation>
    </message>
    <message>
        <source>:  not measured</source>
        <translation>:  nicht gemessen</translation>
    </message>
    <message>
        <source>Entropy against concentration, B </source>
        <translation>Entropie über der Konzentration, B </translation>
    </message>
    <message>
        <source>a curve is not there yet</source>
        <translation>eine Kurve ist noch nicht da</translation>
    </message>
    <message>
        <source>mean token entropy of the routing probabilities at the same concentration, B </source>
        <translation>mittlere Entropie der Wahrscheinlichkeiten bei gleicher Konzentration, B </translation>
    </message>
    <message>
        <source> A; as both are shown now </source>
        <translation> A; so wie beide jetzt gezeigt sind </translation>
    </message>
    <message>
        <source> A, nats</source>
        <translation> A, nats</translation>
    </message>
    <message>
        <source>%.4f nats</source>
        <translation>%.4f nats</translation>
    </message>
    <message>
        <source> others</source>
        <translation> weitere</translation>
    </message>
    <message>
        <source>the router's embeddings of this step were not computed, since an analysis had been made</source>
        <translation>die Einbettungen des Routers bei diesem Schritt wurden nicht berechnet, da eine Analyse vorlag</translation>
    </message>
    <message>
        <source>needs three experts or more</source>
        <translation>braucht mindestens drei Experten</translation>
    </message>
    <message>
        <source>Embeddings compared</source>
        <translation>Einbettungen im Vergleich</translation>
    </message>
    <message>
        <source>Classical MDS</source>
        <translation>Klassische MDS</translation>
    </message>
    <message>
        <source>MDS</source>
        <translation>MDS</translation>
    </message>
    <message>
        <source>SMACOF</source>
        <translation>SMACOF</translation>
    </message>
    <message>
        <source>Diffusion map</source>
        <translation>Diffusionskarte</translation>
    </message>
    <message>
        <source>diffusion</source>
        <translation>Diffusion</translation>
    </message>
    <message>
        <source>axes: eigenvalues %.3f</source>
        <translation>Achsen: Eigenwerte %.3f</translation>
    </message>
    <message>
        <source>distances between experts drawn three ways; stress 0: every distance is right</source>
        <translation>Abstände der Experten, auf drei Arten gezeichnet; Stress 0: jeder Abstand stimmt</translation>
    </message>
    <message>
        <source>stress 0: all is right</source>
        <translation>Stress 0: alles stimmt</translation>
    </message>
    <message>
        <source>stress %.3f</source>
        <translation>Stress %.3f</translation>
    </message>
    <message>
        <source>, stress %.3f</source>
        <translation>, Stress %.3f</translation>
    </message>
    <message>
        <source>stress = sqrt(sum of (drawn - true distance)² / sum of true distance²), of chordal distances between </source>
        <translation>Stress = sqrt(Summe von (gezeichneter - wahrer Abstand)² / Summe der wahren Abstände²), der chordalen Abstände zwischen </translation>
    </message>
    <message>
        <source>
classical MDS %.3f</source>
        <translation>
klassische MDS %.3f</translation>
    </message>
    <message>
        <source>, SMACOF %.3f</source>
        <translation>, SMACOF %.3f</translation>
    </message>
    <message>
        <source>, diffusion map %.3f</source>
        <translation>, Diffusionskarte %.3f</translation>
    </message>
    <message>
        <source>
Diffusion kernel exp(-(D / median D)²), rows normalised; its picture is scaled to the least stress</source>
        <translation>
Diffusionskern exp(-(D / Median D)²), Zeilen normiert; sein Bild ist auf den kleinsten Stress skaliert</translation>
    </message>
    <message>
        <source>the router </source>
        <translation>der Router </translation>
    </message>
    <message>
        <source> has no spectra; GrMoE has</source>
        <translation> hat keine Spektren; GrMoE hat sie</translation>
    </message>
    <message>
        <source>Spectra of experts</source>
        <translation>Spektren der Experten</translation>
    </message>
    <message>
        <source> layers, all in a larger view; </source>
        <translation> Schichten, alle in einer größeren Ansicht; </translation>
    </message>
    <message>
        <source>eigenvalues λ of each expert, falling; line: their mean</source>
        <translation>Eigenwerte λ jedes Experten, fallend; Linie: ihr Mittel</translation>
    </message>
    <message>
        <source>eigenvalues, mean</source>
        <translation>Eigenwerte, Mittel</translation>
    </message>
    <message>
        <source> layers; </source>
        <translation> Schichten; </translation>
    </message>
    <message>
        <source>eigenvalues</source>
        <translation>Eigenwerte</translation>
    </message>
    <message>
        <source>, layer </source>
        <translation>, Schicht </translation>
    </message>
    <message>
        <source>: eigenvalues</source>
        <translation>: Eigenwerte</translation>
    </message>
    <message>
        <source>score(t, e) = sum over j of λ(e, j) (u(e, j) . x(t))², x(t) of length 1
CV over experts of their mean λ: </source>
        <translation>Punktzahl(t, e) = Summe über j von λ(e, j) (u(e, j) . x(t))², x(t) der Länge 1
CV über die Experten ihres mittleren λ: </translation>
    </message>
    <message>
        <source> has no spectra</source>
        <translation> hat keine Spektren</translation>
    </message>
    <message>
        <source>: load %.1f %% of applied gates</source>
        <translation>: Last %.1f %% der angewandten Gates</translation>
    </message>
    <message>
        <source>Expert subspaces</source>
        <translation>Unterräume der Experten</translation>
    </message>
    <message>
        <source>; the </source>
        <translation>; die </translation>
    </message>
    <message>
        <source> most loaded</source>
        <translation> am stärksten belasteten</translation>
    </message>
    <message>
        <source>tokens and experts on 3 principal components (%.0f %% of the variance)</source>
        <translation>Token und Experten auf 3 Hauptkomponenten (%.0f %% der Varianz)</translation>
    </message>
    <message>
        <source>3 components, %.0f %%</source>
        <translation>3 Komponenten, %.0f %%</translation>
    </message>
    <message>
        <source>Three leading principal components of the routing tokens: %.1f %% of their variance
</source>
        <translation>Die drei größten Hauptkomponenten der Routing-Token: %.1f %% ihrer Varianz
</translation>
    </message>
    <message>
        <source>Arrow: router direction, at the mean of the tokens that the expert leads</source>
        <translation>Pfeil: Routerrichtung, im Mittel der Token, die der Experte führt</translation>
    </message>
    <message>
        <source>Ellipsoid: U(e) sqrt(λ(e)), the expert's subspace scaled by its spectrum, at the mean of the tokens that it leads; arrow: leading axis</source>
        <translation>Ellipsoid: U(e) sqrt(λ(e)), der Unterraum des Experten mit seinem Spektrum skaliert, im Mittel der Token, die er führt; Pfeil: größte Achse</translation>
    </message>
    <message>
        <source>cannot be drawn: </source>
        <translation>kann nicht gezeichnet werden: </translation>
    </message>
    <message>
        <source>waiting for the first snapshot</source>
        <translation>wartet auf die erste Momentaufnahme</translation>
    </message>
    <message>
        <source>not a number</source>
        <translation>keine Zahl</translation>
    </message>
    <message>
        <source>infinite</source>
        <translation>unendlich</translation>
    </message>
    <message>
        <source>-infinite</source>
        <translation>-unendlich</translation>
    </message>
    <message>
        <source>newline</source>
        <translation>Zeilenende</translation>
    </message>
    <message>
        <source>space</source>
        <translation>Leerzeichen</translation>
    </message>
    <message>
        <source>token </source>
        <translation>Token </translation>
    </message>
    <message>
        <source>, byte </source>
        <translation>, Byte </translation>
    </message>
    <message>
        <source>): applied gates</source>
        <translation>): angewandte Gates</translation>
    </message>
    <message>
        <source>; entropy of probabilities %.2f nats</source>
        <translation>; Entropie der Wahrscheinlichkeiten %.2f nats</translation>
    </message>
    <message>
        <source>Experts on the Grassmannian</source>
        <translation>Grassmann-Karte der Experten</translation>
    </message>
    <message>
        <source>router directions</source>
        <translation>Routerrichtungen</translation>
    </message>
    <message>
        <source>expert subspaces</source>
        <translation>Unterräume der Experten</translation>
    </message>
    <message>
        <source>; line: way over the run, faint: later; stress %1 between experts, %2 along the ways; size: load</source>
        <translation>; Linie: Weg im Lauf, blass: später; Stress %1 zwischen Experten, %2 auf den Wegen; Größe: Last</translation>
    </message>
    <message>
        <source>line: way over the run; stress %1 between experts, %2 along the ways</source>
        <translation>Linie: Weg im Lauf; Stress %1 zwischen Experten, %2 auf den Wegen</translation>
    </message>
    <message>
        <source>stress %1 between, %2 along the ways</source>
        <translation>Stress %1 zwischen, %2 auf den Wegen</translation>
    </message>
    <message>
        <source>
%1 moments of steps %2 to %3 were laid together</source>
        <translation>
%1 Momente der Schritte %2 bis %3 wurden zusammen gelegt</translation>
    </message>
    <message>
        <source>
stress between two experts at one moment: %1 over the run, %2 now</source>
        <translation>
Stress zwischen zwei Experten zur selben Zeit: %1 im Lauf, %2 jetzt</translation>
    </message>
    <message>
        <source>
stress between an expert and itself at another moment: %1 over the run, %2 now</source>
        <translation>
Stress zwischen einem Experten und sich selbst zu anderer Zeit: %1 im Lauf, %2 jetzt</translation>
    </message>
    <message>
        <source>
stress: how far the plane's distances are from these; 0: all are right</source>
        <translation>
Stress: wie weit die Abstände der Ebene von diesen entfernt sind; 0: alle stimmen</translation>
    </message>
    <message>
        <source>near: similar </source>
        <translation>nah: ähnliche </translation>
    </message>
    <message>
        <source>; stress %.2f, size: load</source>
        <translation>; Stress %.2f, Größe: Last</translation>
    </message>
    <message>
        <source>near: similar; stress %.2f</source>
        <translation>nah: ähnlich; Stress %.2f</translation>
    </message>
    <message>
        <source>chordal distance </source>
        <translation>chordaler Abstand </translation>
    </message>
    <message>
        <source>d(a, b) = sqrt(sum over i of sin² θ(i)), θ(i) the principal angles
rank </source>
        <translation>d(a, b) = sqrt(Summe über i von sin² θ(i)), θ(i) die Hauptwinkel
Rang </translation>
    </message>
    <message>
        <source>, so that the largest distance is %.2f</source>
        <translation>, der größte Abstand ist also %.2f</translation>
    </message>
    <message>
        <source>
stress %.3f: how far the plane's distances are from these; 0: all are right</source>
        <translation>
Stress %.3f: wie weit die Abstände in der Ebene von diesen abweichen; 0: alle stimmen</translation>
    </message>
    <message>
        <source>Jacobian alignment</source>
        <translation>Jacobi-Ausrichtung</translation>
    </message>
    <message>
        <source>mean |cos| of the experts' Jacobians %.4f</source>
        <translation>Mittel |cos| der Jacobi-Matrizen der Experten %.4f</translation>
    </message>
    <message>
        <source>; left out without direction: </source>
        <translation>; weggelassen, ohne Richtung: </translation>
    </message>
    <message>
        <source>mean |cos| %.4f</source>
        <translation>Mittel |cos| %.4f</translation>
    </message>
    <message>
        <source>cos</source>
        <translation>cos</translation>
    </message>
    <message>
        <source>itself</source>
        <translation>er selbst</translation>
    </message>
    <message>
        <source>shared tokens</source>
        <translation>gemeinsame Token</translation>
    </message>
    <message>
        <source>each expert's own tokens</source>
        <translation>eigene Token jedes Experten</translation>
    </message>
    <message>
        <source>: Jacobian alignment %.4f</source>
        <translation>: Jacobi-Ausrichtung %.4f</translation>
    </message>
    <message>
        <source>cos(a, b) = &lt;J(a), J(b)&gt; / |J(a)| |J(b)|, J = dE/dh of the experts
Above the diagonal on </source>
        <translation>cos(a, b) = &lt;J(a), J(b)&gt; / |J(a)| |J(b)|, J = dE/dh der Experten
Über der Diagonale auf </translation>
    </message>
    <message>
        <source> shared tokens, below of means over each expert's own
</source>
        <translation> gemeinsamen Token, darunter der Mittel über die eigenen Token jedes Experten
</translation>
    </message>
    <message>
        <source>; independent at one token %.4f, over many less</source>
        <translation>; unabhängig an einem Token %.4f, über viele weniger</translation>
    </message>
    <message>
        <source>
z = cos / %.4f, the deviation of independent Jacobians</source>
        <translation>
z = cos / %.4f, die Abweichung unabhängiger Jacobi-Matrizen</translation>
    </message>
    <message>
        <source>Load per expert</source>
        <translation>Last je Experte</translation>
    </message>
    <message>
        <source>CV %.2f</source>
        <translation>CV %.2f</translation>
    </message>
    <message>
        <source>, MaxVio %.2f</source>
        <translation>, MaxVio %.2f</translation>
    </message>
    <message>
        <source>share of the applied gates: </source>
        <translation>Anteil der angewandten Gates: </translation>
    </message>
    <message>
        <source>; red: dropped by capacity, %.1f %% of all</source>
        <translation>; rot: durch Kapazität verworfen, %.1f %% von allen</translation>
    </message>
    <message>
        <source>dropped: %.1f %%</source>
        <translation>verworfen: %.1f %%</translation>
    </message>
    <message>
        <source>load, %</source>
        <translation>Last, %</translation>
    </message>
    <message>
        <source>: load %.2f %% of applied gates</source>
        <translation>: Last %.2f %% der angewandten Gates</translation>
    </message>
    <message>
        <source>; the model's own assignments </source>
        <translation>; die eigenen Zuordnungen des Modells </translation>
    </message>
    <message>
        <source>; intended in training </source>
        <translation>; im Training gewollt </translation>
    </message>
    <message>
        <source>, of it dropped %.2f</source>
        <translation>, davon verworfen %.2f</translation>
    </message>
    <message>
        <source>, actual %.2f %%</source>
        <translation>, tatsächlich %.2f %%</translation>
    </message>
    <message>
        <source>; narrow: in training</source>
        <translation>; schmal: im Training</translation>
    </message>
    <message>
        <source>; tick: the model's own</source>
        <translation>; Strich: die des Modells</translation>
    </message>
    <message>
        <source>; tick: in training</source>
        <translation>; Strich: im Training</translation>
    </message>
    <message>
        <source>load(e) = mean over the probe's tokens of g(t, e); dashed: uniform, 1 / N = </source>
        <translation>Last(e) = Mittel über die Token der Sonde von g(t, e); gestrichelt: gleich verteilt, 1 / N = </translation>
    </message>
    <message>
        <source>
CV = standard deviation / mean = </source>
        <translation>
CV = Standardabweichung / Mittel = </translation>
    </message>
    <message>
        <source>
MaxVio = largest / mean - 1 = </source>
        <translation>
MaxVio = größte / mittlere - 1 = </translation>
    </message>
    <message>
        <source>
Tick: the model's own assignments</source>
        <translation>
Strich: die eigenen Zuordnungen des Modells</translation>
    </message>
    <message>
        <source>
Tick, or narrow column: share of the assignments in training; red: what capacity dropped</source>
        <translation>
Strich oder schmale Säule: Anteil der Zuordnungen im Training; rot: was die Kapazität verwarf</translation>
    </message>
    <message>
        <source>needs a Grassmannian router: the bound speaks of its Bingham mixture</source>
        <translation>braucht einen Grassmann-Router: die Schranke spricht von seiner Bingham-Mischung</translation>
    </message>
    <message>
        <source>Misrouting and its bound</source>
        <translation>Falsch geschickt, und die Schranke</translation>
    </message>
    <message>
        <source>SYNTHETIC TOKENS: share routed wrongly, under its proven bound; </source>
        <translation>SYNTHETISCHE TOKEN: falsch geschickter Anteil, unter seiner bewiesenen Schranke; </translation>
    </message>
    <message>
        <source>SYNTHETIC TOKENS</source>
        <translation>SYNTHETISCHE TOKEN</translation>
    </message>
    <message>
        <source>proven bound B1</source>
        <translation>bewiesene Schranke B1</translation>
    </message>
    <message>
        <source>proven bound B1: says nothing here</source>
        <translation>bewiesene Schranke B1: sagt hier nichts</translation>
    </message>
    <message>
        <source>bound</source>
        <translation>Schranke</translation>
    </message>
    <message>
        <source>no bound</source>
        <translation>keine Schranke</translation>
    </message>
    <message>
        <source>mass on wrong experts</source>
        <translation>Masse auf falschen Experten</translation>
    </message>
    <message>
        <source>mass</source>
        <translation>Masse</translation>
    </message>
    <message>
        <source>leading expert wrong</source>
        <translation>führender Experte falsch</translation>
    </message>
    <message>
        <source>leader</source>
        <translation>führender</translation>
    </message>
    <message>
        <source>share of tokens, or of their mass</source>
        <translation>Anteil der Token oder ihrer Masse</translation>
    </message>
    <message>
        <source>share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>by chance, 1 - 1/N</source>
        <translation>durch Zufall, 1 - 1/N</translation>
    </message>
    <message>
        <source>proven bound B1 </source>
        <translation>bewiesene Schranke B1 </translation>
    </message>
    <message>
        <source>mass on wrong experts, measured </source>
        <translation>Masse auf falschen Experten, gemessen </translation>
    </message>
    <message>
        <source>leading expert wrong, measured </source>
        <translation>führender Experte falsch, gemessen </translation>
    </message>
    <message>
        <source> at concentration %g</source>
        <translation> bei Konzentration %g</translation>
    </message>
    <message>
        <source>B1 = sum over pairs a &lt; b of sqrt(pi(a) pi(b)) BC(a, b), BC = integral of sqrt(f(a) f(b)) (Bhattacharyya)
</source>
        <translation>B1 = Summe über Paare a &lt; b von sqrt(pi(a) pi(b)) BC(a, b), BC = Integral von sqrt(f(a) f(b)) (Bhattacharyya)
</translation>
    </message>
    <message>
        <source> tokens drawn from the router's own mixture at each concentration (Bingham reading), routed back by its posterior
</source>
        <translation> Token, bei jeder Konzentration aus der Mischung des Routers gezogen (Lesart Bingham) und von seinem Posterior zurückgeschickt
</translation>
    </message>
    <message>
        <source>By chance 1 - 1/N = %.3f; a bound above it says nothing</source>
        <translation>Durch Zufall 1 - 1/N = %.3f; eine Schranke darüber sagt nichts</translation>
    </message>
    <message>
        <source>the model's probabilities of the next byte are not finite</source>
        <translation>die Wahrscheinlichkeiten des nächsten Bytes sind nicht endlich</translation>
    </message>
    <message>
        <source>a checkpoint is shown: of it only the MoE layers are read, on the tokens of its trace, so that no next byte of a text can be computed</source>
        <translation>ein Checkpoint ist gezeigt: von ihm werden nur die MoE-Schichten gelesen, auf den Token seines Trace; ein nächstes Byte lässt sich nicht berechnen</translation>
    </message>
    <message>
        <source>an earlier step is shown: a text is read by the newest model alone</source>
        <translation>ein früherer Schritt ist gezeigt: einen Text liest nur das neueste Modell</translation>
    </message>
    <message>
        <source>type a text of your own: the bytes that the model expects after the clicked place stand here. A recorded session has no model that could read it</source>
        <translation>einen eigenen Text eingeben: hier stehen die Bytes, die das Modell nach der angeklickten Stelle erwartet. Eine aufgezeichnete Sitzung hat kein Modell, das ihn lesen könnte</translation>
    </message>
    <message>
        <source>the text cannot be read: </source>
        <translation>der Text kann nicht gelesen werden: </translation>
    </message>
    <message>
        <source>the text is empty: type one, and click into it</source>
        <translation>der Text ist leer: einen eingeben und hineinklicken</translation>
    </message>
    <message>
        <source>the clicked place is not read: the first </source>
        <translation>die angeklickte Stelle wird nicht gelesen: weggelassen sind von einem so langen Text die ersten </translation>
    </message>
    <message>
        <source> bytes of a text this long are left out</source>
        <translation> Bytes</translation>
    </message>
    <message>
        <source>byte </source>
        <translation>Byte </translation>
    </message>
    <message>
        <source>Next byte</source>
        <translation>Nächstes Byte</translation>
    </message>
    <message>
        <source>what the model expects after a place of a text of your own</source>
        <translation>was das Modell nach einer Stelle eines eigenen Textes erwartet</translation>
    </message>
    <message>
        <source>after </source>
        <translation>nach </translation>
    </message>
    <message>
        <source>%.2f nats as trained</source>
        <translation>%.2f nats wie trainiert</translation>
    </message>
    <message>
        <source>, %.2f at this concentration</source>
        <translation>, %.2f bei dieser Konzentration</translation>
    </message>
    <message>
        <source> of your text, step </source>
        <translation> des eigenen Textes, Schritt </translation>
    </message>
    <message>
        <source>: entropy </source>
        <translation>: Entropie </translation>
    </message>
    <message>
        <source>as trained</source>
        <translation>wie trainiert</translation>
    </message>
    <message>
        <source>at concentration %g</source>
        <translation>bei Konzentration %g</translation>
    </message>
    <message>
        <source>drawn at temperature %g</source>
        <translation>gezogen mit Temperatur %g</translation>
    </message>
    <message>
        <source>, which follows in the text</source>
        <translation>, das im Text folgt</translation>
    </message>
    <message>
        <source>: as trained %.3f %%</source>
        <translation>: wie trainiert %.3f %%</translation>
    </message>
    <message>
        <source>, at concentration %g </source>
        <translation>, bei Konzentration %g </translation>
    </message>
    <message>
        <source>, drawn at temperature %g </source>
        <translation>, gezogen mit Temperatur %g </translation>
    </message>
    <message>
        <source>with %.3f %%</source>
        <translation>zu %.3f %%</translation>
    </message>
    <message>
        <source> other bytes at this concentration: %.1f %%</source>
        <translation> andere Bytes bei dieser Konzentration: %.1f %%</translation>
    </message>
    <message>
        <source>others: %.1f %%</source>
        <translation>andere: %.1f %%</translation>
    </message>
    <message>
        <source>p(b) = softmax over 256 bytes of the logits after </source>
        <translation>p(b) = Softmax über 256 Bytes der Logits nach </translation>
    </message>
    <message>
        <source>; every layer's gates as trained, or through the lens</source>
        <translation>; die Gates aller Schichten wie trainiert, oder durch die Linse</translation>
    </message>
    <message>
        <source>
likeliest: </source>
        <translation>
am wahrscheinlichsten: </translation>
    </message>
    <message>
        <source> (as trained %.4f)</source>
        <translation> (wie trainiert %.4f)</translation>
    </message>
    <message>
        <source>
at temperature T it is drawn with p(b)^(1/T) / sum of p^(1/T); T = </source>
        <translation>
bei Temperatur T wird es mit p(b)^(1/T) / Summe von p^(1/T) gezogen; T = </translation>
    </message>
    <message>
        <source>
H = -sum p log p = </source>
        <translation>
H = -Summe p log p = </translation>
    </message>
    <message>
        <source>; as trained %.3f</source>
        <translation>; wie trainiert %.3f</translation>
    </message>
    <message>
        <source>; as drawn %.3f</source>
        <translation>; wie gezogen %.3f</translation>
    </message>
    <message>
        <source>
The text ends here</source>
        <translation>
Hier endet der Text</translation>
    </message>
    <message>
        <source>
In the text follows </source>
        <translation>
Im Text folgt </translation>
    </message>
    <message>
        <source>Principal angles</source>
        <translation>Hauptwinkel</translation>
    </message>
    <message>
        <source>mean overlap of a pair %.3f</source>
        <translation>mittlere Überlappung eines Paars %.3f</translation>
    </message>
    <message>
        <source>, random r/d %.3f</source>
        <translation>, Zufall r/d %.3f</translation>
    </message>
    <message>
        <source>mean cos²</source>
        <translation>Mittel cos²</translation>
    </message>
    <message>
        <source>: overlap (mean cos² of the angles) %.3f</source>
        <translation>: Überlappung (Mittel cos² der Winkel) %.3f</translation>
    </message>
    <message>
        <source>, random %.3f</source>
        <translation>, Zufall %.3f</translation>
    </message>
    <message>
        <source>random, rank </source>
        <translation>Zufall, Rang </translation>
    </message>
    <message>
        <source>: mean, 5–95 %</source>
        <translation>: Mittel, 5–95 %</translation>
    </message>
    <message>
        <source>angle number</source>
        <translation>Nummer des Winkels</translation>
    </message>
    <message>
        <source>degrees</source>
        <translation>Grad</translation>
    </message>
    <message>
        <source>: angle %.0f</source>
        <translation>: Winkel %.0f</translation>
    </message>
    <message>
        <source>overlap(a, b) = |V(a)' V(b)|² / r = mean cos² of the principal angles
V: </source>
        <translation>Überlappung(a, b) = |V(a)' V(b)|² / r = Mittel cos² der Hauptwinkel
V: </translation>
    </message>
    <message>
        <source>top right singular vectors of W_gate (no tokens)</source>
        <translation>größte rechte Singulärvektoren von W_gate (keine Token)</translation>
    </message>
    <message>
        <source>principal subspaces of routed tokens</source>
        <translation>Hauptunterräume der zugewiesenen Token</translation>
    </message>
    <message>
        <source>, rank </source>
        <translation>, Rang </translation>
    </message>
    <message>
        <source> of d </source>
        <translation> von d </translation>
    </message>
    <message>
        <source>; random r/d %.3f</source>
        <translation>; Zufall r/d %.3f</translation>
    </message>
    <message>
        <source>checkpoint</source>
        <translation>Checkpoint</translation>
    </message>
    <message>
        <source>weights from a file, as they were trained elsewhere</source>
        <translation>Gewichte aus einer Datei, anderswo trainiert</translation>
    </message>
    <message>
        <source>recorded</source>
        <translation>aufgezeichnet</translation>
    </message>
    <message>
        <source>step </source>
        <translation>Schritt </translation>
    </message>
    <message>
        <source> of a recorded session; nothing trains</source>
        <translation> einer aufgezeichneten Sitzung; nichts trainiert</translation>
    </message>
    <message>
        <source>, an earlier moment of this run</source>
        <translation>, ein früherer Zeitpunkt dieses Laufs</translation>
    </message>
    <message>
        <source>live</source>
        <translation>live</translation>
    </message>
    <message>
        <source>, the newest of the model that trains here</source>
        <translation>, der neueste des Modells, das hier trainiert</translation>
    </message>
    <message>
        <source>the analysis of step </source>
        <translation>die Analyse von Schritt </translation>
    </message>
    <message>
        <source> failed: </source>
        <translation> schlug fehl: </translation>
    </message>
    <message>
        <source>no expert was given three tokens or more</source>
        <translation>kein Experte bekam drei oder mehr Token</translation>
    </message>
    <message>
        <source>Score and activation</source>
        <translation>Punktzahl und Aktivierung</translation>
    </message>
    <message>
        <source>the activation or score of </source>
        <translation>die Aktivierung oder Punktzahl von </translation>
    </message>
    <message>
        <source> is not a number: its weights are not finite</source>
        <translation> ist keine Zahl: die Gewichte sind nicht endlich</translation>
    </message>
    <message>
        <source>mean Pearson</source>
        <translation>Mittel Pearson</translation>
    </message>
    <message>
        <source>router score (logit)</source>
        <translation>Punktzahl des Routers (Logit)</translation>
    </message>
    <message>
        <source>activation, norm</source>
        <translation>Aktivierung, Norm</translation>
    </message>
    <message>
        <source>: Pearson %.2f</source>
        <translation>: Pearson %.2f</translation>
    </message>
    <message>
        <source>, Spearman %.2f</source>
        <translation>, Spearman %.2f</translation>
    </message>
    <message>
        <source>mean Pearson of all experts %.2f</source>
        <translation>Mittel Pearson aller Experten %.2f</translation>
    </message>
    <message>
        <source>: score %.3f</source>
        <translation>: Punktzahl %.3f</translation>
    </message>
    <message>
        <source>, activation %.3f</source>
        <translation>, Aktivierung %.3f</translation>
    </message>
    <message>
        <source>activation = norm of the expert's hidden units on a token; line: means of tenths of the tokens by score
</source>
        <translation>Aktivierung = Norm der verborgenen Einheiten des Experten an einem Token; Linie: Mittel von Zehnteln der Token nach Punktzahl
</translation>
    </message>
    <message>
        <source>Score heat map</source>
        <translation>Punktzahl-Heatmap</translation>
    </message>
    <message>
        <source>mean applied gate: domains above, tokens below</source>
        <translation>mittleres angewandtes Gate: oben Domänen, unten Token</translation>
    </message>
    <message>
        <source>mean applied gate</source>
        <translation>mittleres angewandtes Gate</translation>
    </message>
    <message>
        <source>domain </source>
        <translation>Domäne </translation>
    </message>
    <message>
        <source>: mean applied gate %.3f</source>
        <translation>: mittleres angewandtes Gate %.3f</translation>
    </message>
    <message>
        <source>tokens from </source>
        <translation>Token von </translation>
    </message>
    <message>
        <source> on (</source>
        <translation> an (</translation>
    </message>
    <message>
        <source> tokens a row</source>
        <translation> Token je Zeile</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>gate</source>
        <translation>Gate</translation>
    </message>
    <message>
        <source>mean(d, e) = 1 / |d| times the sum of g(t, e) over the tokens t of d
</source>
        <translation>Mittel(d, e) = 1 / |d| mal die Summe von g(t, e) über die Token t von d
</translation>
    </message>
    <message>
        <source>Score polygon</source>
        <translation>Experten-Polygon</translation>
    </message>
    <message>
        <source>each dot: a token, near the experts that get it; </source>
        <translation>ein Punkt je Token, nahe seinen Experten; </translation>
    </message>
    <message>
        <source>; without expert and not drawn: </source>
        <translation>; ohne Experte und nicht gezeichnet: </translation>
    </message>
    <message>
        <source> tokens not drawn</source>
        <translation> Token nicht gezeichnet</translation>
    </message>
    <message>
        <source>each dot: a token</source>
        <translation>ein Punkt je Token</translation>
    </message>
    <message>
        <source>own text, byte </source>
        <translation>eigener Text, Byte </translation>
    </message>
    <message>
        <source>domain</source>
        <translation>Domäne</translation>
    </message>
    <message>
        <source>and </source>
        <translation>und </translation>
    </message>
    <message>
        <source> more</source>
        <translation> mehr</translation>
    </message>
    <message>
        <source>place(t) = sum over e of g(t, e) corner(e) / sum over e of g(t, e)
</source>
        <translation>Ort(t) = Summe über e von g(t, e) Ecke(e) / Summe über e von g(t, e)
</translation>
    </message>
    <message>
        <source>; sum of its gates %.3f</source>
        <translation>; Summe seiner Gates %.3f</translation>
    </message>
    <message>
        <source>
Tokens that come to lie on a corner fan out around it. Area of a corner's disc: the expert's load</source>
        <translation>
Token, die auf eine Ecke fallen, fächern sich um sie auf. Fläche der Scheibe einer Ecke: die Last des Experten</translation>
    </message>
    <message>
        <source> was given too few tokens to span a subspace: pick another expert</source>
        <translation> bekam zu wenige Token für einen Unterraum: einen anderen Experten wählen</translation>
    </message>
    <message>
        <source>picked</source>
        <translation>gewählt</translation>
    </message>
    <message>
        <source> overlaps it most; Shift-click another</source>
        <translation> überlappt ihn am meisten; einen anderen mit Umschalt-Klick</translation>
    </message>
    <message>
        <source>largest overlap at this rank; none is picked</source>
        <translation>größte Überlappung bei diesem Rang; keines ist gewählt</translation>
    </message>
    <message>
        <source>Subspace pair</source>
        <translation>Paar von Unterräumen</translation>
    </message>
    <message>
        <source>): principal vectors at their exact angles; </source>
        <translation>): Hauptvektoren in ihren genauen Winkeln; </translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source> and u</source>
        <translation> und u</translation>
    </message>
    <message>
        <source>Exact: angles of uᵢ, vᵢ</source>
        <translation>Genau: Winkel uᵢ, vᵢ</translation>
    </message>
    <message>
        <source>; not </source>
        <translation>; nicht </translation>
    </message>
    <message>
        <source>: %.0f° for 90°</source>
        <translation>: %.0f° statt 90°</translation>
    </message>
    <message>
        <source>Exact: every angle between uᵢ and vᵢ, each in the span of the two. </source>
        <translation>Genau: jeder Winkel zwischen uᵢ und vᵢ, je in der Hülle der beiden. </translation>
    </message>
    <message>
        <source>These spans are orthogonal in R^d but share the vertical here: </source>
        <translation>Diese Hüllen sind orthogonal in R^d, teilen hier aber die Senkrechte: </translation>
    </message>
    <message>
        <source> stand at %.0f°, not 90°. </source>
        <translation> stehen unter %.0f°, nicht 90°. </translation>
    </message>
    <message>
        <source>Discs: 2</source>
        <translation>Scheiben: 2</translation>
    </message>
    <message>
        <source>Lines: 1</source>
        <translation>Geraden: 1</translation>
    </message>
    <message>
        <source> dimensions of </source>
        <translation> Dimensionen von </translation>
    </message>
    <message>
        <source>, of </source>
        <translation>, von </translation>
    </message>
    <message>
        <source>: unit circle of the span of its first and last principal vector</source>
        <translation>: Einheitskreis in der Hülle seines ersten und letzten Hauptvektors</translation>
    </message>
    <message>
        <source>: its line</source>
        <translation>: seine Gerade</translation>
    </message>
    <message>
        <source>: principal angle %.0f</source>
        <translation>: Hauptwinkel %.0f</translation>
    </message>
    <message>
        <source> is </source>
        <translation> ist </translation>
    </message>
    <message>
        <source>random (5–95 %)</source>
        <translation>Zufall (5–95 %)</translation>
    </message>
    <message>
        <source>random: ranks differ</source>
        <translation>Zufall: Ränge verschieden</translation>
    </message>
    <message>
        <source>geodesic, rad</source>
        <translation>geodätisch, rad</translation>
    </message>
    <message>
        <source>chordal</source>
        <translation>chordal</translation>
    </message>
    <message>
        <source>geodesic: root of the sum of squared angles; chordal: root of the sum of sin², at most </source>
        <translation>geodätisch: Wurzel der Summe der quadrierten Winkel; chordal: Wurzel der Summe von sin², höchstens </translation>
    </message>
    <message>
        <source>principal angle number</source>
        <translation>Nummer des Hauptwinkels</translation>
    </message>
    <message>
        <source>U(a)' U(b) = W diag(cos θ) Z': u(i) = U(a) w(i), v(i) = U(b) z(i) are the principal vectors
U: </source>
        <translation>U(a)' U(b) = W diag(cos θ) Z': u(i) = U(a) w(i), v(i) = U(b) z(i) sind die Hauptvektoren
U: </translation>
    </message>
    <message>
        <source>top right singular vectors of W_gate</source>
        <translation>größte rechte Singulärvektoren von W_gate</translation>
    </message>
    <message>
        <source>, rank up to </source>
        <translation>, Rang bis </translation>
    </message>
    <message>
        <source>colour: domain</source>
        <translation>Farbe: Domäne</translation>
    </message>
    <message>
        <source>colour: leading expert</source>
        <translation>Farbe: führender Experte</translation>
    </message>
    <message>
        <source>colour: entropy, dark at 0 to bright at log N</source>
        <translation>Farbe: Entropie, dunkel bei 0 bis hell bei log N</translation>
    </message>
    <message>
        <source>Uncertainty of tokens</source>
        <translation>Unsicherheit der Token</translation>
    </message>
    <message>
        <source>entropy of single tokens by domain</source>
        <translation>Entropie einzelner Token nach Domäne</translation>
    </message>
    <message>
        <source>entropy by domain</source>
        <translation>Entropie nach Domäne</translation>
    </message>
    <message>
        <source>; prior and posterior have one leader for %.1f %%</source>
        <translation>; Prior und Posterior haben denselben führenden Experten bei %.1f %%</translation>
    </message>
    <message>
        <source> tokens left out, their entropy is not a number. </source>
        <translation> Token weggelassen, ihre Entropie ist keine Zahl. </translation>
    </message>
    <message>
        <source> tokens left out</source>
        <translation> Token weggelassen</translation>
    </message>
    <message>
        <source>entropy, nats (log N = %.2f)</source>
        <translation>Entropie, nats (log N = %.2f)</translation>
    </message>
    <message>
        <source>: median entropy %.3f nats</source>
        <translation>: Median der Entropie %.3f nats</translation>
    </message>
    <message>
        <source>, 5 %% below %.3f</source>
        <translation>, 5 %% unter %.3f</translation>
    </message>
    <message>
        <source>, 5 %% above %.3f</source>
        <translation>, 5 %% über %.3f</translation>
    </message>
    <message>
        <source>same leading expert</source>
        <translation>derselbe führende Experte</translation>
    </message>
    <message>
        <source>same</source>
        <translation>derselbe</translation>
    </message>
    <message>
        <source>another one</source>
        <translation>ein anderer</translation>
    </message>
    <message>
        <source>another</source>
        <translation>anderer</translation>
    </message>
    <message>
        <source>entropy of the prior p, nats</source>
        <translation>Entropie des Priors p, nats</translation>
    </message>
    <message>
        <source>H(p), nats</source>
        <translation>H(p), nats</translation>
    </message>
    <message>
        <source>of the posterior q, nats</source>
        <translation>des Posteriors q, nats</translation>
    </message>
    <message>
        <source>H(q), nats</source>
        <translation>H(q), nats</translation>
    </message>
    <message>
        <source>, KL(q || p) %.4f nats</source>
        <translation>, KL(q || p) %.4f nats</translation>
    </message>
    <message>
        <source>H(t) = - sum over e of p(t, e) log p(t, e), nats, p before the gating
</source>
        <translation>H(t) = - Summe über e von p(t, e) log p(t, e), nats, p vor dem Gating
</translation>
    </message>
    <message>
        <source>mean %.3f</source>
        <translation>Mittel %.3f</translation>
    </message>
    <message>
        <source> of log N = %.3f</source>
        <translation> von log N = %.3f</translation>
    </message>
    <message>
        <source>
Box: 25 to 75 %, line: median, whiskers: 5 to 95 % of a domain's tokens</source>
        <translation>
Kasten: 25 bis 75 %, Linie: Median, Enden: 5 bis 95 % der Token einer Domäne</translation>
    </message>
    <message>
        <source>
Points: a token's entropy in prior p and posterior q; mean KL(q || p) %.4f nats</source>
        <translation>
Punkte: Entropie eines Tokens in Prior p und Posterior q; Mittel KL(q || p) %.4f nats</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>a checkpoint is shown: it does not train here</source>
        <translation>ein Checkpoint ist gezeigt: er trainiert hier nicht</translation>
    </message>
    <message>
        <source>no training steps yet</source>
        <translation>noch keine Trainingsschritte</translation>
    </message>
    <message>
        <source>one training step so far: curves begin with the second</source>
        <translation>bisher ein Trainingsschritt: Kurven beginnen mit dem zweiten</translation>
    </message>
    <message>
        <source>: none</source>
        <translation>: keiner</translation>
    </message>
    <message>
        <source>numbers: as of step </source>
        <translation>Zahlen: Stand von Schritt </translation>
    </message>
    <message>
        <source>, recorded until step </source>
        <translation>, aufgezeichnet bis Schritt </translation>
    </message>
    <message>
        <source> more in a larger view; </source>
        <translation> mehr in einer größeren Ansicht; </translation>
    </message>
    <message>
        <source>; bold: running mean</source>
        <translation>; fett: laufendes Mittel</translation>
    </message>
    <message>
        <source>of each training batch, </source>
        <translation>jedes Trainings-Batches, </translation>
    </message>
    <message>
        <source>of each batch, </source>
        <translation>jedes Batches, </translation>
    </message>
    <message>
        <source> more when larger; </source>
        <translation> mehr, wenn größer; </translation>
    </message>
    <message>
        <source>: router changed from </source>
        <translation>: Router gewechselt von </translation>
    </message>
    <message>
        <source> to </source>
        <translation> zu </translation>
    </message>
    <message>
        <source>: the moment that is shown</source>
        <translation>: der gezeigte Zeitpunkt</translation>
    </message>
    <message>
        <source>:  none</source>
        <translation>:  keiner</translation>
    </message>
    <message>
        <source>held out: not measured yet</source>
        <translation>Held-out: noch nicht gemessen</translation>
    </message>
    <message>
        <source>held out %.3f</source>
        <translation>Held-out %.3f</translation>
    </message>
    <message>
        <source> at step %.0f</source>
        <translation> bei Schritt %.0f</translation>
    </message>
    <message>
        <source>loss = - mean over the batch of log p(next byte | bytes before), nats per byte, at concentration 1
Faint: </source>
        <translation>Verlust = - Mittel über den Batch von log p(nächstes Byte | Bytes davor), nats je Byte, bei Konzentration 1
Blass: </translation>
    </message>
    <message>
        <source>each step</source>
        <translation>jeder Schritt</translation>
    </message>
    <message>
        <source>minimum, maximum and mean of every </source>
        <translation>Minimum, Maximum und Mittel von je </translation>
    </message>
    <message>
        <source> steps</source>
        <translation> Schritten</translation>
    </message>
    <message>
        <source>Functional decorrelation (Jacobians) against representational overlap (subspaces) for each pair of experts</source>
        <translation>Funktionale Dekorrelation (Jacobi-Matrizen) gegen Überlappung der Repräsentation (Unterräume) für jedes Paar von Experten</translation>
    </message>
    <message>
        <source>What two experts compute (functional decorrelation, by Jacobians) against what they are given (representational overlap, by subspaces): one point for each pair.</source>
        <translation>Was zwei Experten rechnen (funktionale Dekorrelation, durch Jacobi-Matrizen) gegen das, was sie bekommen (Überlappung der Repräsentation, durch Unterräume): ein Punkt für jedes Paar.</translation>
    </message>
    <message>
        <source>Points at the left and high up: experts that are given alike tokens yet compute unrelated things. That is the geometric asymmetry.</source>
        <translation>Punkte links und weit oben: Experten, die ähnliche Token bekommen und doch Unverwandtes rechnen. Das ist die geometrische Asymmetrie.</translation>
    </message>
    <message>
        <source>Mean token entropy of the routing probabilities at every concentration, inside its proven lower and upper bounds; the dot is where the slider stands and can be dragged as it</source>
        <translation>Mittlere Entropie der Token bei jeder Konzentration, zwischen ihren bewiesenen Schranken; der Punkt steht, wo der Regler steht, und lässt sich wie er ziehen</translation>
    </message>
    <message>
        <source>The mean entropy of the tokens' routing probabilities at every concentration, between its proven bounds. The dot is where the slider stands: draw along the curve to move it.</source>
        <translation>Die mittlere Entropie der Routing-Wahrscheinlichkeiten der Token bei jeder Konzentration, zwischen ihren bewiesenen Schranken. Der Punkt steht, wo der Regler steht: Ziehen entlang der Kurve bewegt ihn.</translation>
    </message>
    <message>
        <source>Where the curve falls fastest a small move of the slider changes most. A curve that stays high: logits so alike that concentration cannot part them.</source>
        <translation>Wo die Kurve am steilsten fällt, ändert eine kleine Bewegung des Reglers am meisten. Eine Kurve, die hoch bleibt: so ähnliche Logits, dass die Konzentration sie nicht trennt.</translation>
    </message>
    <message>
        <source>Mean |cos| between each router row and each expert's input weights, and its diagonal over time</source>
        <translation>Mittleres |cos| zwischen jeder Routerzeile und den Eingangsgewichten jedes Experten, und seine Diagonale über die Zeit</translation>
    </message>
    <message>
        <source>Whether a router row points the way of its own expert's input weights more than of others'. Below: that contrast over training.</source>
        <translation>Ob eine Routerzeile mehr in die Richtung der Eingangsgewichte ihres eigenen Experten zeigt als in die anderer. Unten: dieser Kontrast während des Trainings.</translation>
    </message>
    <message>
        <source>A bright diagonal: router and expert grew together. It comes from shared gradients, and auxiliary losses weaken it.</source>
        <translation>Eine helle Diagonale: Router und Experte sind zusammen gewachsen. Sie kommt von gemeinsamen Gradienten, und Hilfsverluste schwächen sie.</translation>
    </message>
    <message>
        <source>The chordal distances between experts' subspaces by classical MDS, SMACOF and a diffusion map (kernel exp(-(D/median D)²), rows normalised; its picture is scaled to the least stress), with the stress of each</source>
        <translation>Die chordalen Abstände zwischen den Unterräumen der Experten durch klassische MDS, SMACOF und eine Diffusionskarte (Kern exp(-(D/Median D)²), Zeilen normiert; ihr Bild ist auf den kleinsten Stress skaliert), mit dem Stress von jeder</translation>
    </message>
    <message>
        <source>The chordal distances between the experts' subspaces laid in a plane by classical MDS, SMACOF and a diffusion map side by side.</source>
        <translation>Die chordalen Abstände zwischen den Unterräumen der Experten, nebeneinander durch klassische MDS, SMACOF und eine Diffusionskarte in eine Ebene gelegt.</translation>
    </message>
    <message>
        <source>What all three show is in the data; what only one shows is in the method.</source>
        <translation>Was alle drei zeigen, liegt in den Daten; was nur eine zeigt, liegt am Verfahren.</translation>
    </message>
    <message>
        <source>Eigenvalues of each expert's Bingham distribution in every layer, as they are learned; large: sure of its subspace</source>
        <translation>Eigenwerte der Bingham-Verteilung jedes Experten in jeder Schicht, während sie gelernt werden; groß: seines Unterraums sicher</translation>
    </message>
    <message>
        <source>The eigenvalues of each expert's Bingham distribution as they are learned, at concentration 1: how sharply the expert prefers each direction of its subspace.</source>
        <translation>Die Eigenwerte der Bingham-Verteilung jedes Experten, während sie gelernt werden, bei Konzentration 1: wie scharf der Experte jede Richtung seines Unterraums bevorzugt.</translation>
    </message>
    <message>
        <source>Large values: an expert that is sure of its subspace. Values that differ between experts make the Bingham reading differ from the tempered one.</source>
        <translation>Große Werte: ein Experte, der sich seines Unterraums sicher ist. Werte, die sich zwischen Experten unterscheiden, trennen die Lesart Bingham von der temperierten.</translation>
    </message>
    <message>
        <source>The layer's routing tokens and the experts' subspaces in the tokens' three leading principal components; drag to turn</source>
        <translation>Die Routing-Token der Schicht und die Unterräume der Experten in den drei größten Hauptkomponenten der Token; ziehen dreht</translation>
    </message>
    <message>
        <source>The vectors that the router reads, one point a token, in the plane and depth of their three leading principal components, and the experts among them. Drag to turn.</source>
        <translation>Die Vektoren, die der Router liest, ein Punkt je Token, in ihren drei größten Hauptkomponenten, und die Experten unter ihnen. Ziehen dreht.</translation>
    </message>
    <message>
        <source>Experts that lie in clouds of their own have specialised; ellipsoids in each other take the same tokens.</source>
        <translation>Experten in eigenen Wolken haben sich spezialisiert; Ellipsoide ineinander nehmen dieselben Token.</translation>
    </message>
    <message>
        <source>Each expert's subspace as a point; distances in the plane come as near to the chordal distances as the stress says</source>
        <translation>Der Unterraum jedes Experten als Punkt; die Abstände in der Ebene kommen den chordalen so nahe, wie der Stress sagt</translation>
    </message>
    <message>
        <source>Each expert's subspace is a point of the Grassmann manifold. The points are laid in a plane so that their distances come as near as can be to the chordal distances. Up to 32 moments of a run are laid together, others are placed against them. An expert's distances from itself at other moments count together 16 times as much as those from the others: its line is its way.</source>
        <translation>Der Unterraum jedes Experten ist ein Punkt der Grassmann-Mannigfaltigkeit. Die Punkte liegen so in der Ebene, dass ihre Abstände den chordalen so nahe wie möglich kommen. Bis zu 32 Momente eines Laufs werden zusammen gelegt, die übrigen dazwischen gesetzt. Die Abstände eines Experten von sich selbst zu anderen Zeiten zählen zusammen 16-mal so viel wie die von den anderen: Seine Linie ist sein Weg.</translation>
    </message>
    <message>
        <source>Experts that fall together compute scores from the same directions. Ways that get slower: the router settles. A shift or turn that all have in common changes no distance between them: what their ways share says nothing.</source>
        <translation>Experten, die zusammenfallen, berechnen ihre Punktzahlen aus denselben Richtungen. Wege, die langsamer werden: der Router kommt zur Ruhe. Verschieben oder drehen sich alle gemeinsam, ändert das keinen Abstand zwischen ihnen: Was ihren Wegen gemeinsam ist, sagt nichts.</translation>
    </message>
    <message>
        <source>Cosine between the experts' Jacobians; near zero is what unrelated experts give</source>
        <translation>Kosinus zwischen den Jacobi-Matrizen der Experten; nahe null ist, was unverwandte Experten ergeben</translation>
    </message>
    <message>
        <source>Whether two experts compute the same: the cosine of their Jacobians, the linear maps that they are around a token.</source>
        <translation>Ob zwei Experten dasselbe rechnen: der Kosinus ihrer Jacobi-Matrizen, der linearen Abbildungen, die sie um ein Token herum sind.</translation>
    </message>
    <message>
        <source>Near zero everywhere: unrelated experts. Coloured blocks off the diagonal: experts that do the same work.</source>
        <translation>Überall nahe null: unverwandte Experten. Farbige Blöcke abseits der Diagonale: Experten, die dieselbe Arbeit tun.</translation>
    </message>
    <message>
        <source>Share of the applied gates that each expert gets on the probe, beside the uniform share 1/N</source>
        <translation>Anteil der angewandten Gates, den jeder Experte auf der Sonde bekommt, neben dem gleichen Anteil 1/N</translation>
    </message>
    <message>
        <source>The share of all applied gates on the probe that each expert gets.</source>
        <translation>Der Anteil aller angewandten Gates auf der Sonde, den jeder Experte bekommt.</translation>
    </message>
    <message>
        <source>An expert near 0 has collapsed: it gets no tokens and learns nothing. All bars at the dashed line: the load is balanced.</source>
        <translation>Ein Experte nahe 0 ist kollabiert: er bekommt keine Token und lernt nichts. Alle Säulen an der gestrichelten Linie: die Last ist ausgeglichen.</translation>
    </message>
    <message>
        <source>Tokens drawn from GrMoE's own mixture and routed back: the share that goes wrong, under its proven bound, over concentration</source>
        <translation>Token, aus GrMoEs eigener Mischung gezogen und zurückgeschickt: der Anteil, der falsch geht, unter seiner bewiesenen Schranke, über der Konzentration</translation>
    </message>
    <message>
        <source>Tokens drawn from GrMoE's own mixture and routed back by it: how many go to another expert than the one that they were drawn from.</source>
        <translation>Token, aus GrMoEs eigener Mischung gezogen und von ihr zurückgeschickt: wie viele zu einem anderen Experten gehen als dem, aus dem sie gezogen sind.</translation>
    </message>
    <message>
        <source>Both curves fall with the concentration and stay below the bound where it says anything.</source>
        <translation>Beide Kurven fallen mit der Konzentration und bleiben unter der Schranke, wo diese etwas sagt.</translation>
    </message>
    <message>
        <source>The bytes that the model expects after the clicked place of a text of your own: as trained, and with every layer read at this concentration</source>
        <translation>Die Bytes, die das Modell nach der angeklickten Stelle eines eigenen Textes erwartet: wie trainiert, und mit jeder Schicht bei dieser Konzentration gelesen</translation>
    </message>
    <message>
        <source>Probability of each byte to follow the clicked place of your own text. Grey: every layer routed as in training; coloured: through the lens, at this concentration and gating; a dot where a temperature other than 1 changes what is drawn. The arrow marks the byte that does follow in the text.</source>
        <translation>Wahrscheinlichkeit jedes Bytes, auf die angeklickte Stelle des eigenen Textes zu folgen. Grau: jede Schicht wie im Training; farbig: durch die Linse, bei dieser Konzentration und diesem Gating; ein Punkt, wo eine Temperatur außer 1 ändert, was gezogen wird. Der Pfeil zeigt das Byte, das im Text folgt.</translation>
    </message>
    <message>
        <source>Move the concentration: does the model still expect the same byte when every expert works on it equally, or one alone? A low temperature moves the dots to the likeliest byte, a high one to all.</source>
        <translation>Die Konzentration bewegen: Erwartet das Modell noch dasselbe Byte, wenn alle Experten gleich daran arbeiten, oder einer allein? Eine niedrige Temperatur zieht die Punkte zum wahrscheinlichsten Byte, eine hohe zu allen.</translation>
    </message>
    <message>
        <source>How far the subspaces of the experts' tokens overlap, pair by pair, beside random subspaces</source>
        <translation>Wie weit sich die Unterräume der Token der Experten überlappen, Paar für Paar, neben zufälligen Unterräumen</translation>
    </message>
    <message>
        <source>How far the subspaces of what the experts are given overlap, pair by pair: 0 orthogonal, 1 the same; beside what random subspaces give.</source>
        <translation>Wie weit sich die Unterräume dessen überlappen, was die Experten bekommen, Paar für Paar: 0 orthogonal, 1 gleich; daneben, was zufällige Unterräume ergeben.</translation>
    </message>
    <message>
        <source>Angles below the random band: experts are given alike tokens. One small first angle and large others: they share one direction.</source>
        <translation>Winkel unter dem Zufallsband: Experten bekommen ähnliche Token. Ein kleiner erster Winkel und sonst große: sie teilen eine Richtung.</translation>
    </message>
    <message>
        <source>Router score of each routed token against the norm of the expert's activation</source>
        <translation>Punktzahl des Routers für jedes zugewiesene Token gegen die Norm der Aktivierung des Experten</translation>
    </message>
    <message>
        <source>The router's score of each token that an expert was given, against the norm of the expert's activation on it.</source>
        <translation>Die Punktzahl des Routers für jedes Token, das ein Experte bekam, gegen die Norm der Aktivierung des Experten daran.</translation>
    </message>
    <message>
        <source>A rising line: the router knows which tokens its expert answers to. A flat one: score and expert know nothing of each other.</source>
        <translation>Eine steigende Linie: der Router weiß, auf welche Token sein Experte antwortet. Eine flache: Punktzahl und Experte wissen nichts voneinander.</translation>
    </message>
    <message>
        <source>Mean applied gate by expert, for each domain and for the probe's tokens; colours by the gate's root on a scale that begins at 0</source>
        <translation>Mittleres angewandtes Gate je Experte, für jede Domäne und für die Token der Sonde; Farben nach der Wurzel des Gates auf einer Skala, die bei 0 beginnt</translation>
    </message>
    <message>
        <source>Colours end</source>
        <translation>Farben enden</translation>
    </message>
    <message>
        <source>The gate that has the brightest colour; the scale beside the picture says it</source>
        <translation>Das Gate mit der hellsten Farbe; die Skala neben dem Bild nennt es</translation>
    </message>
    <message>
        <source>at what is shown</source>
        <translation>bei dem, was zu sehen ist</translation>
    </message>
    <message>
        <source>At 1, or where domains spread over many experts above 99 % of their means, rounded up</source>
        <translation>Bei 1 oder, wo Domänen sich auf viele Experten verteilen, über 99 % ihrer Mittel, aufgerundet</translation>
    </message>
    <message>
        <source>at 1</source>
        <translation>bei 1</translation>
    </message>
    <message>
        <source>At 1 always: equal colours are equal gates from moment to moment</source>
        <translation>Immer bei 1: gleiche Farben sind von Augenblick zu Augenblick gleiche Gates</translation>
    </message>
    <message>
        <source>How much of each domain's tokens goes to each expert. Colours follow the gate's square root from 0 to 1, so that equal colours are equal gates at every concentration; where domains spread over many experts the scale ends above 99 % of their means, rounded up.</source>
        <translation>Wie viel von den Token jeder Domäne zu jedem Experten geht. Die Farben folgen der Quadratwurzel des Gates von 0 bis 1, sodass gleiche Farben bei jeder Konzentration gleiche Gates sind; wo Domänen sich auf viele Experten verteilen, endet die Skala über 99 % ihrer Mittel, aufgerundet.</translation>
    </message>
    <message>
        <source>One bright cell in a row: that domain has an expert of its own. Even rows: the experts do not tell domains apart.</source>
        <translation>Ein helles Feld in einer Zeile: diese Domäne hat einen eigenen Experten. Gleichmäßige Zeilen: die Experten unterscheiden die Domänen nicht.</translation>
    </message>
    <message>
        <source>Tokens between the experts' corners, weighted by their applied gates: at the centre all experts share a token, in a corner one expert has it alone</source>
        <translation>Token zwischen den Ecken der Experten, mit ihren angewandten Gates gewichtet: in der Mitte teilen sich alle Experten ein Token, in einer Ecke hat es einer allein</translation>
    </message>
    <message>
        <source>A regular polygon with a corner for each expert. Each token of the probe stands at the mean of the corners, weighted by the gates that are applied to it: in the centre all experts share it, in a corner one expert has it alone.</source>
        <translation>Ein regelmäßiges Polygon mit einer Ecke je Experte. Jedes Token der Sonde steht im Mittel der Ecken, gewichtet mit den Gates, die darauf angewandt werden: in der Mitte teilen es sich alle Experten, in einer Ecke hat es einer allein.</translation>
    </message>
    <message>
        <source>Move the concentration: tokens leave the centre for their corners. Do tokens of one domain go to one corner, and is a corner empty or crowded?</source>
        <translation>Die Konzentration bewegen: Token verlassen die Mitte und gehen in ihre Ecken. Gehen die Token einer Domäne in eine Ecke, und ist eine Ecke leer oder voll?</translation>
    </message>
    <message>
        <source>Two experts' subspaces in 3-D: each pair of principal vectors is drawn at its exact angle; planes that are orthogonal in R^d share the vertical axis. Click a pair in a matrix, or an expert and Shift-click another; drag to turn</source>
        <translation>Die Unterräume zweier Experten in 3-D: jedes Paar von Hauptvektoren ist in seinem genauen Winkel gezeichnet; Ebenen, die in R^d orthogonal sind, teilen die senkrechte Achse. Ein Paar in einer Matrix anklicken, oder einen Experten und mit Umschalt einen zweiten; ziehen dreht</translation>
    </message>
    <message>
        <source>Two experts' subspaces in 3-D. Each pair of principal vectors is drawn at its exact angle; planes that are orthogonal in R^d share the vertical axis. Click a pair in a matrix, or an expert and Shift-click another; drag to turn.</source>
        <translation>Die Unterräume zweier Experten in 3-D. Jedes Paar von Hauptvektoren ist in seinem genauen Winkel gezeichnet; Ebenen, die in R^d orthogonal sind, teilen die senkrechte Achse. Ein Paar in einer Matrix anklicken, oder einen Experten und mit Umschalt einen zweiten; ziehen dreht.</translation>
    </message>
    <message>
        <source>Closed fans: directions that both experts share. Fans at right angles: nothing in common.</source>
        <translation>Geschlossene Fächer: Richtungen, die beide Experten teilen. Fächer im rechten Winkel: nichts gemeinsam.</translation>
    </message>
    <message>
        <source>Colour of tokens</source>
        <translation>Farbe der Token</translation>
    </message>
    <message>
        <source>What a token's colour says</source>
        <translation>Was die Farbe eines Tokens sagt</translation>
    </message>
    <message>
        <source>by leading expert</source>
        <translation>nach führendem Experten</translation>
    </message>
    <message>
        <source>by domain</source>
        <translation>nach Domäne</translation>
    </message>
    <message>
        <source>by entropy</source>
        <translation>nach Entropie</translation>
    </message>
    <message>
        <source>Entropy of single tokens by domain; with GrMoE's posterior knob also posterior against prior, and where they disagree</source>
        <translation>Entropie einzelner Token nach Domäne; mit GrMoEs Posterior auch Posterior gegen Prior, und wo sie sich unterscheiden</translation>
    </message>
    <message>
        <source>How sure the router is of single tokens: the entropy of a token's routing probabilities, in the order of domains. With GrMoE's posterior knob also prior against posterior.</source>
        <translation>Wie sicher sich der Router bei einzelnen Token ist: die Entropie der Routing-Wahrscheinlichkeiten eines Tokens, nach Domänen geordnet. Mit GrMoEs Posterior auch Prior gegen Posterior.</translation>
    </message>
    <message>
        <source>Boxes at the left: tokens that the router is sure of. Which domains stay at the right when the concentration rises?</source>
        <translation>Kästen links: Token, bei denen der Router sicher ist. Welche Domänen bleiben rechts, wenn die Konzentration steigt?</translation>
    </message>
    <message>
        <source>Loss, entropy, effective experts, load CV, MaxVio and auxiliary loss of each training step; dashed: another router took over; a full line: the moment that is shown</source>
        <translation>Verlust, Entropie, effektive Experten, Load CV, MaxVio und Hilfsverlust jedes Trainingsschritts; gestrichelt: ein anderer Router übernahm; durchgezogen: der gezeigte Zeitpunkt</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Which curves are drawn</source>
        <translation>Welche Kurven gezeichnet werden</translation>
    </message>
    <message>
        <source>loss and load CV</source>
        <translation>Verlust und Load CV</translation>
    </message>
    <message>
        <source>What was measured on each training batch while the model learned. A dashed line: another router took over there; a full one: the moment that is shown.</source>
        <translation>Was an jedem Trainings-Batch gemessen wurde, während das Modell lernte. Gestrichelt: dort übernahm ein anderer Router; durchgezogen: der gezeigte Zeitpunkt.</translation>
    </message>
    <message>
        <source>Loss should fall. Entropy that falls while the load CV rises is a router on its way to collapse.</source>
        <translation>Der Verlust sollte fallen. Entropie, die fällt, während der Load CV steigt: ein Router auf dem Weg zum Kollaps.</translation>
    </message>
    <message>
        <source>Clear selection</source>
        <translation>Auswahl aufheben</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>Auswahl</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Continue from step </source>
        <translation>Weiter von Schritt </translation>
    </message>
    <message>
        <source>Analysis of the experts</source>
        <translation>Analyse der Experten</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Open checkpoint</source>
        <translation>Checkpoint öffnen</translation>
    </message>
    <message>
        <source>Back to training</source>
        <translation>Zurück zum Training</translation>
    </message>
    <message>
        <source>Moment</source>
        <translation>Zeitpunkt</translation>
    </message>
    <message>
        <source>Add bookmark</source>
        <translation>Lesezeichen setzen</translation>
    </message>
    <message>
        <source>Rename bookmark</source>
        <translation>Lesezeichen umbenennen</translation>
    </message>
    <message>
        <source>Delete bookmark</source>
        <translation>Lesezeichen löschen</translation>
    </message>
    <message>
        <source>Keep set</source>
        <translation>Menge behalten</translation>
    </message>
    <message>
        <source>Rename set</source>
        <translation>Menge umbenennen</translation>
    </message>
    <message>
        <source>Delete set</source>
        <translation>Menge löschen</translation>
    </message>
    <message>
        <source>Speed of playing</source>
        <translation>Tempo der Wiedergabe</translation>
    </message>
    <message>
        <source>Theme and size of text</source>
        <translation>Farben und Schriftgröße</translation>
    </message>
    <message>
        <source>One side</source>
        <translation>Eine Seite</translation>
    </message>
    <message>
        <source>Link %1</source>
        <translation>%1 koppeln</translation>
    </message>
    <message>
        <source>Unlink %1</source>
        <translation>%1 entkoppeln</translation>
    </message>
    <message>
        <source>Show B − A</source>
        <translation>B − A zeigen</translation>
    </message>
    <message>
        <source>Hide B − A</source>
        <translation>B − A verbergen</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>%1's knobs changed at step %2</source>
        <translation>Stellgrößen von %1 geändert bei Schritt %2</translation>
    </message>
    <message>
        <source>A and B are the same, </source>
        <translation>A und B sind gleich, </translation>
    </message>
    <message>
        <source>: choose a router or knob for one of them</source>
        <translation>: für eines einen anderen Router oder eine andere Stellgröße wählen</translation>
    </message>
    <message>
        <source> now; </source>
        <translation> jetzt; </translation>
    </message>
    <message>
        <source>; all else equal</source>
        <translation>; sonst alles gleich</translation>
    </message>
    <message>
        <source>; else equal now; </source>
        <translation>; sonst jetzt gleich; </translation>
    </message>
    <message>
        <source>Every setting is the same on both sides</source>
        <translation>Alle Einstellungen sind auf beiden Seiten gleich</translation>
    </message>
    <message>
        <source>Every other setting is the same on both sides</source>
        <translation>Alle anderen Einstellungen sind auf beiden Seiten gleich</translation>
    </message>
    <message>
        <source>Layout </source>
        <translation>Anordnung </translation>
    </message>
    <message>
        <source>at concentration %1 step %2 cannot be read (%3)</source>
        <translation>bei Konzentration %1 lässt sich Schritt %2 nicht lesen (%3)</translation>
    </message>
    <message>
        <source>: the tempered reading is shown</source>
        <translation>: gezeigt ist die temperierte Lesart</translation>
    </message>
    <message>
        <source>What is this?</source>
        <translation>Was ist das?</translation>
    </message>
    <message>
        <source>What is %1?</source>
        <translation>Was ist: %1?</translation>
    </message>
    <message>
        <source>cannot be computed: </source>
        <translation>kann nicht berechnet werden: </translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Was es ist</translation>
    </message>
    <message>
        <source>In numbers</source>
        <translation>In Zahlen</translation>
    </message>
    <message>
        <source>What to look for</source>
        <translation>Worauf zu achten ist</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>&amp;Open checkpoint…</source>
        <translation>Checkpoint öff&amp;nen…</translation>
    </message>
    <message>
        <source>Open &amp;trace…</source>
        <translation>&amp;Trace öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open a checkpoint folder (config.json beside safetensors)</source>
        <translation>Ordner eines Checkpoints öffnen (config.json neben safetensors)</translation>
    </message>
    <message>
        <source>Open a routing trace for this checkpoint</source>
        <translation>Routing-Trace zu diesem Checkpoint öffnen</translation>
    </message>
    <message>
        <source>Routing traces (*.safetensors)</source>
        <translation>Routing-Traces (*.safetensors)</translation>
    </message>
    <message>
        <source> with </source>
        <translation> mit </translation>
    </message>
    <message>
        <source> (gone)</source>
        <translation> (fort)</translation>
    </message>
    <message>
        <source>&amp;Clear</source>
        <translation>&amp;Leeren</translation>
    </message>
    <message>
        <source>opening </source>
        <translation>öffnet </translation>
    </message>
    <message>
        <source>: a routing trace; open its checkpoint first</source>
        <translation>: ein Routing-Trace; zuerst seinen Checkpoint öffnen</translation>
    </message>
    <message>
        <source>Not now: </source>
        <translation>Jetzt nicht: </translation>
    </message>
    <message>
        <source> or</source>
        <translation> oder</translation>
    </message>
    <message>
        <source>Fill the window with %1</source>
        <translation>Fenster füllen mit: %1</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>Fill with %1</source>
        <translation>Füllen mit: %1</translation>
    </message>
    <message>
        <source>Set %1 to %2</source>
        <translation>%1 auf %2 setzen</translation>
    </message>
    <message>
        <source>Switch %1 off</source>
        <translation>%1 ausschalten</translation>
    </message>
    <message>
        <source>Switch %1 on</source>
        <translation>%1 einschalten</translation>
    </message>
    <message>
        <source>%1 to %2%3; now %4</source>
        <translation>%1 bis %2%3; jetzt %4</translation>
    </message>
    <message>
        <source>Set %1 to …</source>
        <translation>%1 setzen auf …</translation>
    </message>
    <message>
        <source>Routing</source>
        <translation>Routing</translation>
    </message>
    <message>
        <source>Model and training</source>
        <translation>Modell und Training</translation>
    </message>
    <message>
        <source>. A change starts a new model.</source>
        <translation>. Eine Änderung beginnt ein neues Modell.</translation>
    </message>
    <message>
        <source>Select expert </source>
        <translation>Experten auswählen: </translation>
    </message>
    <message>
        <source>Follow it through all views</source>
        <translation>Ihm durch alle Ansichten folgen</translation>
    </message>
    <message>
        <source>Select domain </source>
        <translation>Domäne auswählen: </translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>Befehle suchen</translation>
    </message>
    <message>
        <source>Type what you want: experts 16, select expert 3, heat map, top-k …</source>
        <translation>Eingeben, was gewünscht ist: Experten 16, Experten auswählen 3, Heatmap, top-k …</translation>
    </message>
    <message>
        <source>Words of a command, or a setting and its number; Enter does it, Escape goes back</source>
        <translation>Wörter eines Befehls, oder eine Einstellung und ihre Zahl; Enter führt aus, Escape geht zurück</translation>
    </message>
    <message>
        <source>Commands that are meant</source>
        <translation>Gemeinte Befehle</translation>
    </message>
    <message>
        <source>Enter or double click does it</source>
        <translation>Enter oder Doppelklick führt aus</translation>
    </message>
    <message>
        <source>%1 commands more: type on</source>
        <translation>%1 weitere Befehle: weiter tippen</translation>
    </message>
    <message>
        <source>Nothing is called so</source>
        <translation>Nichts heißt so</translation>
    </message>
    <message>
        <source>A|B: what differs</source>
        <translation>A|B: was verschieden ist</translation>
    </message>
    <message>
        <source>A|&amp;B, two sides</source>
        <translation>A|&amp;B, zwei Seiten</translation>
    </message>
    <message>
        <source>Two models beside each other, or one</source>
        <translation>Zwei Modelle nebeneinander, oder eines</translation>
    </message>
    <message>
        <source>The &amp;other side</source>
        <translation>Die &amp;andere Seite</translation>
    </message>
    <message>
        <source>Panel and keys speak of the other side</source>
        <translation>Leiste und Tasten gelten der anderen Seite</translation>
    </message>
    <message>
        <source>What B has more than A, in views where that means something</source>
        <translation>Was B mehr hat als A, in Ansichten, in denen das etwas heißt</translation>
    </message>
    <message>
        <source>Panel and keys speak of side %1</source>
        <translation>Leiste und Tasten gelten der Seite %1</translation>
    </message>
    <message>
        <source>All linked</source>
        <translation>Alles gekoppelt</translation>
    </message>
    <message>
        <source>%1 of %2 linked</source>
        <translation>%1 von %2 gekoppelt</translation>
    </message>
    <message>
        <source>What moves on both sides when it moves on one</source>
        <translation>Was sich auf beiden Seiten bewegt, wenn es sich auf einer bewegt</translation>
    </message>
    <message>
        <source>%1 has stopped</source>
        <translation>%1 steht still</translation>
    </message>
    <message>
        <source>&amp;Breathe: concentration to 0, to 16 and back to 1</source>
        <translation>&amp;Atmen: Konzentration auf 0, auf 16 und zurück auf 1</translation>
    </message>
    <message>
        <source>Select token …</source>
        <translation>Token wählen …</translation>
    </message>
    <message>
        <source>Select token </source>
        <translation>Token wählen: </translation>
    </message>
    <message>
        <source>0 to %1. Follow it through all views</source>
        <translation>0 bis %1. Ihm durch alle Ansichten folgen</translation>
    </message>
    <message>
        <source>there is no token %1; expected 0 to %2</source>
        <translation>es gibt kein Token %1; erwartet 0 bis %2</translation>
    </message>
    <message>
        <source>0: all equally</source>
        <translation>0: alle gleich</translation>
    </message>
    <message>
        <source>16: nearly one</source>
        <translation>16: fast einer</translation>
    </message>
    <message>
        <source>all equally</source>
        <translation>alle gleich</translation>
    </message>
    <message>
        <source>trained</source>
        <translation>trainiert</translation>
    </message>
    <message>
        <source>nearly one</source>
        <translation>fast einer</translation>
    </message>
    <message>
        <source>Corners</source>
        <translation>Ecken</translation>
    </message>
    <message>
        <source>Where the experts' corners stand</source>
        <translation>Wo die Ecken der Experten stehen</translation>
    </message>
    <message>
        <source>by number</source>
        <translation>nach Nummer</translation>
    </message>
    <message>
        <source>similar experts side by side</source>
        <translation>ähnliche Experten nebeneinander</translation>
    </message>
    <message>
        <source>Round, in the order of their directions on the Grassmannian</source>
        <translation>Rund, in der Reihenfolge ihrer Richtungen auf der Grassmann-Mannigfaltigkeit</translation>
    </message>
    <message>
        <source>at their places on the Grassmannian</source>
        <translation>an ihren Orten auf der Grassmann-Mannigfaltigkeit</translation>
    </message>
    <message>
        <source>As the view of the experts on the Grassmannian has them</source>
        <translation>Wie die Ansicht der Experten auf der Grassmann-Mannigfaltigkeit sie zeigt</translation>
    </message>
    <message>
        <source>corners: experts' places on the Grassmannian</source>
        <translation>Ecken: Orte der Experten auf der Grassmann-Mannigfaltigkeit</translation>
    </message>
    <message>
        <source>corners by number: these experts have no places on the Grassmannian</source>
        <translation>Ecken nach Nummer: diese Experten haben keine Orte auf der Grassmann-Mannigfaltigkeit</translation>
    </message>
    <message>
        <source>0: every expert equally</source>
        <translation>0: alle Experten gleich</translation>
    </message>
    <message>
        <source>0: chosen experts equally</source>
        <translation>0: gewählte Experten gleich</translation>
    </message>
    <message>
        <source>0: chosen equally</source>
        <translation>0: gewählte gleich</translation>
    </message>
    <message>
        <source>chosen equally</source>
        <translation>gewählte gleich</translation>
    </message>
    <message>
        <source>1: as trained</source>
        <translation>1: wie trainiert</translation>
    </message>
    <message>
        <source>16: nearly one expert</source>
        <translation>16: fast ein Experte</translation>
    </message>
    <message>
        <source>Concentration α</source>
        <translation>Konzentration α</translation>
    </message>
    <message>
        <source>Back to 1, the concentration of training</source>
        <translation>Zurück auf 1, die Konzentration des Trainings</translation>
    </message>
    <message>
        <source>Concentration back to 1</source>
        <translation>Konzentration zurück auf 1</translation>
    </message>
    <message>
        <source>The slider multiplies every logit before the softmax.
0: every expert equally probable (a choice of k takes those that lead just above 0); 1: as trained; towards 16: one expert for each token.</source>
        <translation>Der Regler multipliziert jedes Logit vor dem Softmax.
0: jeder Experte gleich wahrscheinlich (eine Wahl von k nimmt die, die knapp über 0 vorn liegen); 1: wie trainiert; gegen 16: ein Experte für jedes Token.</translation>
    </message>
    <message>
        <source>Concentration alpha, slider</source>
        <translation>Konzentration Alpha, Regler</translation>
    </message>
    <message>
        <source>Concentration alpha, number</source>
        <translation>Konzentration Alpha, Zahl</translation>
    </message>
    <message>
        <source>nothing to set</source>
        <translation>nichts einzustellen</translation>
    </message>
    <message>
        <source>Measures of this layer</source>
        <translation>Maße dieser Schicht</translation>
    </message>
    <message>
        <source>Analysis of experts</source>
        <translation>Analyse der Experten</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Gating, its parameter</source>
        <translation>Gating, sein Parameter</translation>
    </message>
    <message>
        <source>The gating's own number: how many experts, how much mass, or from which probability on</source>
        <translation>Die eigene Zahl des Gatings: wie viele Experten, wie viel Masse oder ab welcher Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>MoE layer</source>
        <translation>MoE-Schicht</translation>
    </message>
    <message>
        <source>Gating</source>
        <translation>Gating</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Lesart</translation>
    </message>
    <message>
        <source>Gates of</source>
        <translation>Gates von</translation>
    </message>
    <message>
        <source>How gates are read</source>
        <translation>Wie Gates gelesen werden</translation>
    </message>
    <message>
        <source>Seconds between two measurements of Jacobians, subspaces and coupling of the shown layer; 0: off</source>
        <translation>Sekunden zwischen zwei Messungen von Jacobi-Matrizen, Unterräumen und Kopplung der gezeigten Schicht; 0: aus</translation>
    </message>
    <message>
        <source>Dimension r of each expert's principal subspace of routed tokens</source>
        <translation>Dimension r des Hauptunterraums der zugewiesenen Token jedes Experten</translation>
    </message>
    <message>
        <source>by rank</source>
        <translation>nach Rang</translation>
    </message>
    <message>
        <source>Instead of a fixed rank: as many directions as explain this share of the variance</source>
        <translation>Statt eines festen Rangs: so viele Richtungen, wie diesen Anteil der Varianz erklären</translation>
    </message>
    <message>
        <source>Tokens on which exact Jacobians are taken</source>
        <translation>Token, an denen exakte Jacobi-Matrizen genommen werden</translation>
    </message>
    <message>
        <source>Every</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Rang</translation>
    </message>
    <message>
        <source>Variance</source>
        <translation>Varianz</translation>
    </message>
    <message>
        <source>Jacobian tokens</source>
        <translation>Jacobi-Token</translation>
    </message>
    <message>
        <source>entropy, nats (probabilities)</source>
        <translation>Entropie, nats (Wahrscheinlichkeiten)</translation>
    </message>
    <message>
        <source>H = −Σ p log p of each token's routing probabilities, mean over the probe.
In brackets: share of log N.</source>
        <translation>H = −Σ p log p der Routing-Wahrscheinlichkeiten jedes Tokens, Mittel über die Sonde.
In Klammern: Anteil an log N.</translation>
    </message>
    <message>
        <source>effective experts (probabilities)</source>
        <translation>effektive Experten (Wahrscheinlichkeiten)</translation>
    </message>
    <message>
        <source>exp H of each token's routing probabilities, mean over the probe; 1 to N.</source>
        <translation>exp H der Routing-Wahrscheinlichkeiten jedes Tokens, Mittel über die Sonde; 1 bis N.</translation>
    </message>
    <message>
        <source>load CV (applied gates)</source>
        <translation>Load CV (angewandte Gates)</translation>
    </message>
    <message>
        <source>Standard deviation of the experts' loads over their mean; 0 = balanced. Load: mean applied gate on the probe.</source>
        <translation>Standardabweichung der Lasten der Experten durch ihr Mittel; 0 = ausgeglichen. Last: mittleres angewandtes Gate auf der Sonde.</translation>
    </message>
    <message>
        <source>MaxVio (applied gates)</source>
        <translation>MaxVio (angewandte Gates)</translation>
    </message>
    <message>
        <source>Largest load over mean load, minus 1; 0 = balanced.</source>
        <translation>Größte Last durch mittlere Last, minus 1; 0 = ausgeglichen.</translation>
    </message>
    <message>
        <source>I(token; expert), nats (applied)</source>
        <translation>I(Token; Experte), nats (angewandt)</translation>
    </message>
    <message>
        <source>Specialisation: entropy of the load minus mean token entropy of the applied gates.</source>
        <translation>Spezialisierung: Entropie der Last minus mittlere Entropie der angewandten Gates eines Tokens.</translation>
    </message>
    <message>
        <source>held-out loss at this α</source>
        <translation>Held-out-Verlust bei diesem α</translation>
    </message>
    <message>
        <source>Mean cross-entropy of the next byte on the probe, nats per byte, every layer routed as the lens says; follows a moment after the slider.</source>
        <translation>Mittlere Kreuzentropie des nächsten Bytes auf der Sonde, nats je Byte, jede Schicht so geleitet, wie die Linse sagt; folgt einen Augenblick nach dem Regler.</translation>
    </message>
    <message>
        <source>training loss, nats per byte</source>
        <translation>Trainingsverlust, nats je Byte</translation>
    </message>
    <message>
        <source>Mean cross-entropy of the next byte in the last training batch.</source>
        <translation>Mittlere Kreuzentropie des nächsten Bytes im letzten Trainings-Batch.</translation>
    </message>
    <message>
        <source>steps/s · tokens/s</source>
        <translation>Schritte/s · Token/s</translation>
    </message>
    <message>
        <source>Training speed over the last second, snapshots and losses included.</source>
        <translation>Tempo des Trainings über die letzte Sekunde, mit Momentaufnahmen und Verlusten.</translation>
    </message>
    <message>
        <source>of a sample of %1</source>
        <translation>aus einer Stichprobe von %1</translation>
    </message>
    <message>
        <source>measure of this layer</source>
        <translation>Maß dieser Schicht</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>range</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>
Measured on: </source>
        <translation>
Gemessen an: </translation>
    </message>
    <message>
        <source>Measures of the shown layer</source>
        <translation>Maße der gezeigten Schicht</translation>
    </message>
    <message>
        <source>held-out loss at this α: not measured at step %1</source>
        <translation>Held-out-Verlust bei diesem α: bei Schritt %1 nicht gemessen</translation>
    </message>
    <message>
        <source>since step %1</source>
        <translation>seit Schritt %1</translation>
    </message>
    <message>
        <source>no picture before this one is held</source>
        <translation>kein Bild vor diesem ist behalten</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>MoE layers, numbered as in the checkpoint</source>
        <translation>MoE-Schichten, nummeriert wie im Checkpoint</translation>
    </message>
    <message>
        <source>Back to training: Training menu, or the button at the lower right.</source>
        <translation>Zurück zum Training: Menü Training, oder der Knopf unten rechts.</translation>
    </message>
    <message>
        <source>%1 seconds</source>
        <translation>%1 Sekunden</translation>
    </message>
    <message>
        <source>%1 minutes</source>
        <translation>%1 Minuten</translation>
    </message>
    <message>
        <source>%1 steps, %2 of training</source>
        <translation>%1 Schritte, %2 Training</translation>
    </message>
    <message>
        <source>Lens</source>
        <translation>Linse</translation>
    </message>
    <message>
        <source>Knobs</source>
        <translation>Stellgrößen</translation>
    </message>
    <message>
        <source>the model of step %1 is kept no longer</source>
        <translation>das Modell von Schritt %1 ist nicht mehr behalten</translation>
    </message>
    <message>
        <source>Open session</source>
        <translation>Sitzung öffnen</translation>
    </message>
    <message>
        <source>this session cannot be shown</source>
        <translation>diese Sitzung kann nicht gezeigt werden</translation>
    </message>
    <message>
        <source>A recorded session is shown. Go on with one of its models: Time menu, or the time line. </source>
        <translation>Eine aufgezeichnete Sitzung ist gezeigt. Mit einem ihrer Modelle weitermachen: Menü Zeit, oder die Zeitleiste. </translation>
    </message>
    <message>
        <source>A checkpoint is shown, which does not train here. </source>
        <translation>Ein Checkpoint ist gezeigt, der hier nicht trainiert. </translation>
    </message>
    <message>
        <source>Mean entropy of the routing probabilities, nats</source>
        <translation>Mittlere Entropie der Routing-Wahrscheinlichkeiten, nats</translation>
    </message>
    <message>
        <source>H = −Σ p log p of each token's routing probabilities, mean over the probe.
The bar ends at log N: every expert equally.</source>
        <translation>H = −Σ p log p der Routing-Wahrscheinlichkeiten jedes Tokens, Mittel über die Sonde.
Der Balken endet bei log N: alle Experten gleich.</translation>
    </message>
    <message>
        <source>nats</source>
        <translation>nats</translation>
    </message>
    <message>
        <source>nats of %1, entropy</source>
        <translation>nats von %1, Entropie</translation>
    </message>
    <message>
        <source>nats, entropy</source>
        <translation>nats, Entropie</translation>
    </message>
    <message>
        <source>Export &amp;metrics…</source>
        <translation>&amp;Messwerte exportieren…</translation>
    </message>
    <message>
        <source>Export metrics</source>
        <translation>Messwerte exportieren</translation>
    </message>
    <message>
        <source>CSV (*.csv);;JSON Lines (*.jsonl)</source>
        <translation>CSV (*.csv);;JSON Lines (*.jsonl)</translation>
    </message>
    <message>
        <source>Export s&amp;napshot…</source>
        <translation>Momen&amp;taufnahme exportieren…</translation>
    </message>
    <message>
        <source>Export snapshot</source>
        <translation>Momentaufnahme exportieren</translation>
    </message>
    <message>
        <source>NumPy archive (*.npz)</source>
        <translation>NumPy-Archiv (*.npz)</translation>
    </message>
    <message>
        <source>There are no training steps to export</source>
        <translation>Es gibt keine Trainingsschritte zu exportieren</translation>
    </message>
    <message>
        <source>There is no snapshot to export yet</source>
        <translation>Es gibt noch keine Momentaufnahme zu exportieren</translation>
    </message>
    <message>
        <source>Saved: </source>
        <translation>Gespeichert: </translation>
    </message>
    <message>
        <source>&amp;Record film</source>
        <translation>&amp;Film aufnehmen</translation>
    </message>
    <message>
        <source>S&amp;top recording</source>
        <translation>Aufnahme b&amp;eenden</translation>
    </message>
    <message>
        <source>Add &amp;key frame</source>
        <translation>Schlüsselbild &amp;hinzufügen</translation>
    </message>
    <message>
        <source>Key frame %1 of the film; File, Key frames shows them all</source>
        <translation>Schlüsselbild %1 des Films; Datei, Schlüsselbilder zeigt sie alle</translation>
    </message>
    <message>
        <source>Ke&amp;y frames…</source>
        <translation>Schlüssel&amp;bilder…</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>&amp;Window…</source>
        <translation>&amp;Fenster…</translation>
    </message>
    <message>
        <source>the window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>&amp;All views…</source>
        <translation>&amp;Alle Ansichten…</translation>
    </message>
    <message>
        <source>all views</source>
        <translation>alle Ansichten</translation>
    </message>
    <message>
        <source>, A and B</source>
        <translation>, A und B</translation>
    </message>
    <message>
        <source>Record %1</source>
        <translation>Aufnehmen: %1</translation>
    </message>
    <message>
        <source>Films (*.mp4 *.webm *.gif)</source>
        <translation>Filme (*.mp4 *.webm *.gif)</translation>
    </message>
    <message>
        <source> is not shown; bring it to the front to record it</source>
        <translation> ist nicht gezeigt; zum Aufnehmen nach vorn holen</translation>
    </message>
    <message>
        <source>what is recorded is not in the window any more</source>
        <translation>was aufgenommen wird, ist nicht mehr im Fenster</translation>
    </message>
    <message>
        <source>%1: %2 s, %3 frames, %4 MB</source>
        <translation>%1: %2 s, %3 Bilder, %4 MB</translation>
    </message>
    <message>
        <source>; %1 of them repeat the one before, since drawing takes longer than 1/%2 s here</source>
        <translation>; %1 davon wiederholen das vorige, da das Zeichnen hier länger als 1/%2 s dauert</translation>
    </message>
    <message>
        <source>● REC </source>
        <translation>● REC </translation>
    </message>
    <message>
        <source>: folds away and comes back</source>
        <translation>: klappt zu und wieder auf</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>Aufklappen</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>Zuklappen</translation>
    </message>
    <message>
        <source>&amp;Find domain…</source>
        <translation>Domäne &amp;finden …</translation>
    </message>
    <message>
        <source>Any domain of the text by its name: it is selected, and followed through all views</source>
        <translation>Jede Domäne des Textes beim Namen: Sie wird ausgewählt und durch alle Ansichten verfolgt</translation>
    </message>
    <message>
        <source>Follow its %1 of %2 tokens through all views</source>
        <translation>Ihre %1 von %2 Token durch alle Ansichten verfolgen</translation>
    </message>
    <message>
        <source>one name in %1</source>
        <translation>ein Name von %1</translation>
    </message>
    <message>
        <source>1 in %1</source>
        <translation>1 von %1</translation>
    </message>
    <message>
        <source>this router has neither directions nor frames that could be compared</source>
        <translation>dieser Router hat weder Richtungen noch Rahmen, die verglichen werden könnten</translation>
    </message>
    <message>
        <source>The router has no directions: an expert's name stands at the mean of the tokens that it leads</source>
        <translation>Der Router hat keine Richtungen: Der Name eines Experten steht beim Mittel der Token, die er führt</translation>
    </message>
    <message>
        <source>&amp;Commands…</source>
        <translation>&amp;Befehle…</translation>
    </message>
    <message>
        <source>Find and do anything by its words</source>
        <translation>Alles über seine Wörter finden und tun</translation>
    </message>
    <message>
        <source>&amp;Keys…</source>
        <translation>&amp;Tasten…</translation>
    </message>
    <message>
        <source>All keys, to search and to change</source>
        <translation>Alle Tasten, zum Suchen und Ändern</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>Looks, sessions, device and threads, keys</source>
        <translation>Aussehen, Sprache, Sitzungen, Gerät und Threads, Tasten</translation>
    </message>
    <message>
        <source>&amp;Start: presets, lessons, recent files</source>
        <translation>&amp;Anfang: Vorlagen, Lektionen, letzte Dateien</translation>
    </message>
    <message>
        <source>Everything to begin with, on a sheet beside the views</source>
        <translation>Alles für den Anfang, auf einem Blatt neben den Ansichten</translation>
    </message>
    <message>
        <source>Key frames of a film</source>
        <translation>Schlüsselbilder eines Films</translation>
    </message>
    <message>
        <source>The film goes from one key frame to the next. It is drawn from a training of its own with the same knobs and seed.</source>
        <translation>Der Film geht von einem Schlüsselbild zum nächsten. Gezeichnet wird er aus einem eigenen Training mit denselben Stellgrößen und demselben Seed.</translation>
    </message>
    <message>
        <source>Key frames</source>
        <translation>Schlüsselbilder</translation>
    </message>
    <message>
        <source>Time (s)</source>
        <translation>Zeit (s)</translation>
    </message>
    <message>
        <source>Caption</source>
        <translation>Bildunterschrift</translation>
    </message>
    <message>
        <source>Concentration</source>
        <translation>Konzentration</translation>
    </message>
    <message>
        <source>Add key frame</source>
        <translation>Schlüsselbild hinzufügen</translation>
    </message>
    <message>
        <source>The film comes to what the window shows now, a while after the key frame before</source>
        <translation>Der Film kommt zu dem, was das Fenster jetzt zeigt, etwas nach dem Schlüsselbild davor</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Takes the chosen key frame away</source>
        <translation>Nimmt das gewählte Schlüsselbild weg</translation>
    </message>
    <message>
        <source>Save script…</source>
        <translation>Skript speichern…</translation>
    </message>
    <message>
        <source>A file that moescope render makes the same film of</source>
        <translation>Eine Datei, aus der moescope render denselben Film macht</translation>
    </message>
    <message>
        <source>Save script</source>
        <translation>Skript speichern</translation>
    </message>
    <message>
        <source>Film scripts (*.json)</source>
        <translation>Filmskripte (*.json)</translation>
    </message>
    <message>
        <source>Render film…</source>
        <translation>Film rechnen…</translation>
    </message>
    <message>
        <source>Trains anew and draws the film, in a program of its own</source>
        <translation>Trainiert neu und zeichnet den Film, in einem eigenen Programm</translation>
    </message>
    <message>
        <source>Render film</source>
        <translation>Film rechnen</translation>
    </message>
    <message>
        <source>Stop rendering</source>
        <translation>Rechnen beenden</translation>
    </message>
    <message>
        <source>What is drawn by then is a film</source>
        <translation>Was bis dahin gezeichnet ist, ist ein Film</translation>
    </message>
    <message>
        <source>There is nothing to film yet</source>
        <translation>Es gibt noch nichts zu filmen</translation>
    </message>
    <message>
        <source>The time of a key frame is in seconds, and after the key frame before</source>
        <translation>Die Zeit eines Schlüsselbilds ist in Sekunden und nach dem Schlüsselbild davor</translation>
    </message>
    <message>
        <source>there are no key frames yet: File, Add key frame</source>
        <translation>es gibt noch keine Schlüsselbilder: Datei, Schlüsselbild hinzufügen</translation>
    </message>
    <message>
        <source>a film is being rendered already</source>
        <translation>ein Film wird schon gerechnet</translation>
    </message>
    <message>
        <source>the film's script cannot be written: </source>
        <translation>das Skript des Films kann nicht geschrieben werden: </translation>
    </message>
    <message>
        <source>Training and drawing </source>
        <translation>Trainiert und zeichnet </translation>
    </message>
    <message>
        <source>; the window may be used meanwhile</source>
        <translation>; das Fenster ist inzwischen frei</translation>
    </message>
    <message>
        <source>More knobs</source>
        <translation>Weitere Stellgrößen</translation>
    </message>
    <message>
        <source>
A change starts a new model.</source>
        <translation>
Eine Änderung beginnt ein neues Modell.</translation>
    </message>
    <message>
        <source>Name of the layout:</source>
        <translation>Name der Anordnung:</translation>
    </message>
    <message>
        <source>&amp;Layouts of your own</source>
        <translation>&amp;Eigene Anordnungen</translation>
    </message>
    <message>
        <source>&amp;Keep this layout…</source>
        <translation>Diese Anordnung &amp;behalten…</translation>
    </message>
    <message>
        <source>Keep layout</source>
        <translation>Anordnung behalten</translation>
    </message>
    <message>
        <source>none is kept yet</source>
        <translation>noch keine behalten</translation>
    </message>
    <message>
        <source>: rename, delete</source>
        <translation>: umbenennen, löschen</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Rename layout</source>
        <translation>Anordnung umbenennen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>The layout is kept: </source>
        <translation>Die Anordnung ist behalten: </translation>
    </message>
    <message>
        <source>&amp;Lessons</source>
        <translation>&amp;Lektionen</translation>
    </message>
    <message>
        <source>&amp;Open a lesson…</source>
        <translation>Lektion öff&amp;nen…</translation>
    </message>
    <message>
        <source>Open a lesson</source>
        <translation>Lektion öffnen</translation>
    </message>
    <message>
        <source>Lessons (*.moelesson *.md)</source>
        <translation>Lektionen (*.moelesson *.md)</translation>
    </message>
    <message>
        <source>&amp;Next page</source>
        <translation>&amp;Nächste Seite</translation>
    </message>
    <message>
        <source>&amp;Page before</source>
        <translation>&amp;Vorige Seite</translation>
    </message>
    <message>
        <source>&amp;Leave the lesson</source>
        <translation>Lektion v&amp;erlassen</translation>
    </message>
    <message>
        <source>Lesson</source>
        <translation>Lektion</translation>
    </message>
    <message>
        <source>Words of this page</source>
        <translation>Text dieser Seite</translation>
    </message>
    <message>
        <source>What you expect</source>
        <translation>Die erwartete Zahl</translation>
    </message>
    <message>
        <source>Say a number before it is shown</source>
        <translation>Eine Zahl nennen, bevor sie gezeigt wird</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>The number as it is, beside the one that you said</source>
        <translation>Die Zahl, wie sie ist, neben der genannten</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>The page before</source>
        <translation>Die vorige Seite</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>The next page; after the last the lesson ends</source>
        <translation>Die nächste Seite; nach der letzten endet die Lektion</translation>
    </message>
    <message>
        <source>Leave the lesson</source>
        <translation>Lektion verlassen</translation>
    </message>
    <message>
        <source>The window as it was before the lesson</source>
        <translation>Das Fenster, wie es vor der Lektion war</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>The model trains: step %1 of %2</source>
        <translation>Das Modell trainiert: Schritt %1 von %2</translation>
    </message>
    <message>
        <source>Your turn: what will &lt;b&gt;%1&lt;/b&gt; be at concentration %2?</source>
        <translation>Du bist dran: Wie groß wird &lt;b&gt;%1&lt;/b&gt; bei Konzentration %2?</translation>
    </message>
    <message>
        <source>It is %1 now.</source>
        <translation>Jetzt ist es %1.</translation>
    </message>
    <message>
        <source>from %1 to %2</source>
        <translation>zwischen %1 und %2</translation>
    </message>
    <message>
        <source>at least %1</source>
        <translation>mindestens %1</translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>höchstens %1</translation>
    </message>
    <message>
        <source>Your turn: bring &lt;b&gt;%1&lt;/b&gt; to %2. It is %3.</source>
        <translation>Du bist dran: Bring &lt;b&gt;%1&lt;/b&gt; auf %2. Jetzt: %3.</translation>
    </message>
    <message>
        <source>done</source>
        <translation>geschafft</translation>
    </message>
    <message>
        <source>This model has no such number now; go on.</source>
        <translation>Dieses Modell hat diese Zahl jetzt nicht; weiter.</translation>
    </message>
    <message>
        <source>Near enough.</source>
        <translation>Nah genug.</translation>
    </message>
    <message>
        <source>Not quite.</source>
        <translation>Nicht ganz.</translation>
    </message>
    <message>
        <source>You said %1; %2 is %3.</source>
        <translation>Gesagt: %1; %2 ist %3.</translation>
    </message>
    <message>
        <source>%1 is paused at step %2, %3 at step %4</source>
        <translation>%1 pausiert bei Schritt %2, %3 bei Schritt %4</translation>
    </message>
    <message>
        <source>%1 trains to %2's step: %3 of %4</source>
        <translation>%1 trainiert bis zum Schritt von %2: %3 von %4</translation>
    </message>
    <message>
        <source>Something failed, the window goes on: </source>
        <translation>Etwas schlug fehl, das Fenster läuft weiter: </translation>
    </message>
    <message>
        <source>Groups of views</source>
        <translation>Gruppen von Ansichten</translation>
    </message>
    <message>
        <source>Controls</source>
        <translation>Regler</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>Own text</source>
        <translation>Eigener Text</translation>
    </message>
    <message>
        <source>Start a new model?</source>
        <translation>Ein neues Modell beginnen?</translation>
    </message>
    <message>
        <source>A new model takes the place of the one in training. %1 would be lost.</source>
        <translation>Ein neues Modell tritt an die Stelle dessen, das trainiert. Verloren wären: %1.</translation>
    </message>
    <message>
        <source>&amp;Keep training</source>
        <translation>&amp;Weiter trainieren</translation>
    </message>
    <message>
        <source>Start a &amp;new model</source>
        <translation>&amp;Neues Modell beginnen</translation>
    </message>
    <message>
        <source>All views</source>
        <translation>Alle Ansichten</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>Anordnung zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>Ü&amp;ber Moescope</translation>
    </message>
    <message>
        <source>Moescope shows the geometry of Mixture-of-Experts routing while a small model trains.

Double-click a view to fill the window with it; click experts, pairs of experts or tokens to follow them; Shift-click a second expert for a pair; hover for numbers.

</source>
        <translation>Moescope zeigt die Geometrie des Routings in Mixture-of-Experts, während ein kleines Modell trainiert.

Doppelklick auf eine Ansicht füllt das Fenster mit ihr; Experten, Paare von Experten oder Token anklicken, um ihnen zu folgen; mit Umschalt-Klick ein zweiter Experte für ein Paar; darauf zeigen für Zahlen.

</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Save &amp;picture of the window…</source>
        <translation>&amp;Bild des Fensters speichern…</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>PNG (*.png)</source>
        <translation>PNG (*.png)</translation>
    </message>
    <message>
        <source>&amp;Copy state</source>
        <translation>Zustand &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Paste state</source>
        <translation>Zustand e&amp;infügen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>B&amp;eenden</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Training</source>
        <translation>&amp;Training</translation>
    </message>
    <message>
        <source>Pin analysis as re&amp;ference</source>
        <translation>Analyse als Re&amp;ferenz festhalten</translation>
    </message>
    <message>
        <source>Pinned: the asymmetry and coupling views compare later analyses with it</source>
        <translation>Festgehalten: die Ansichten von Asymmetrie und Kopplung vergleichen spätere Analysen damit</translation>
    </message>
    <message>
        <source>There is no analysis to pin yet: it comes a few seconds after the start</source>
        <translation>Es gibt noch keine Analyse zum Festhalten: sie kommt ein paar Sekunden nach dem Start</translation>
    </message>
    <message>
        <source>&amp;Unpin reference</source>
        <translation>Referenz &amp;loslassen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>%1 zeigen</translation>
    </message>
    <message>
        <source>Show Compare</source>
        <translation>Vergleich zeigen</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Dra&amp;wer of the stage</source>
        <translation>Sch&amp;ublade der Bühne</translation>
    </message>
    <message>
        <source>Drawer</source>
        <translation>Schublade</translation>
    </message>
    <message>
        <source>Reset &amp;layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Forget remembered settings</source>
        <translation>Gemerkte Einstellungen &amp;vergessen</translation>
    </message>
    <message>
        <source>Settings are forgotten: the next start is as on the first day</source>
        <translation>Einstellungen sind vergessen: der nächste Start ist wie am ersten Tag</translation>
    </message>
    <message>
        <source>&amp;Dark or light</source>
        <translation>&amp;Dunkel oder hell</translation>
    </message>
    <message>
        <source>&amp;Motion of tokens on or off</source>
        <translation>&amp;Bewegung der Token an oder aus</translation>
    </message>
    <message>
        <source>No motion</source>
        <translation>Keine Bewegung</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>Bewegung</translation>
    </message>
    <message>
        <source>&amp;Larger text</source>
        <translation>&amp;Größere Schrift</translation>
    </message>
    <message>
        <source>S&amp;maller text</source>
        <translation>&amp;Kleinere Schrift</translation>
    </message>
    <message>
        <source>&amp;Clear selection</source>
        <translation>Auswahl auf&amp;heben</translation>
    </message>
    <message>
        <source>Paste state</source>
        <translation>Zustand einfügen</translation>
    </message>
    <message>
        <source>The state was not pasted: the training goes on</source>
        <translation>Der Zustand wurde nicht eingefügt: das Training geht weiter</translation>
    </message>
    <message>
        <source>the state selects expert </source>
        <translation>der Zustand wählt Experte </translation>
    </message>
    <message>
        <source>, but the model has experts 0 to </source>
        <translation>aus, aber das Modell hat die Experten 0 bis </translation>
    </message>
    <message>
        <source>Taken: %1</source>
        <translation>Genommen: %1</translation>
    </message>
    <message>
        <source> (of %1 to %2%3)</source>
        <translation> (von %1 bis %2%3)</translation>
    </message>
    <message>
        <source>, %1 decimals</source>
        <translation>, %1 Nachkommastellen</translation>
    </message>
    <message>
        <source>, whole numbers</source>
        <translation>, ganze Zahlen</translation>
    </message>
    <message>
        <source>Layer %1, router %2, step %3, concentration %4: %5 experts, %6 tokens
mean entropy of the probabilities %7 nats of log N = %8, load CV %9
</source>
        <translation>Schicht %1, Router %2, Schritt %3, Konzentration %4: %5 Experten, %6 Token
mittlere Entropie der Wahrscheinlichkeiten %7 nats von log N = %8, Load CV %9
</translation>
    </message>
    <message>
        <source>
Expert %1: load %2 % of the applied gates (uniform %3 %), it leads %4 tokens
</source>
        <translation>
Experte %1: Last %2 % der angewandten Gates (gleich verteilt %3 %), er führt %4 Token
</translation>
    </message>
    <message>
        <source>loss for the byte that follows, as trained: %1 nats
</source>
        <translation>Verlust für das folgende Byte, wie trainiert: %1 nats
</translation>
    </message>
    <message>
        <source>its sequence ends here: nothing follows that could be lost
</source>
        <translation>seine Sequenz endet hier: nichts folgt, das verloren gehen könnte
</translation>
    </message>
    <message>
        <source>
Gate of %1:
</source>
        <translation>
Gate von %1:
</translation>
    </message>
    <message>
        <source>
Its way:
</source>
        <translation>
Sein Weg:
</translation>
    </message>
    <message>
        <source>
Your own text, byte %1, %2, step %3
</source>
        <translation>
Eigener Text, Byte %1, %2, Schritt %3
</translation>
    </message>
    <message>
        <source>
Click a token in a view: its gate comes here, step by step. Click an expert first for that expert's gate.
</source>
        <translation>
Ein Token in einer Ansicht anklicken: sein Gate kommt hierher, Schritt für Schritt. Vorher einen Experten anklicken, für das Gate dieses Experten.
</translation>
    </message>
    <message>
        <source>How a number comes about</source>
        <translation>Wie eine Zahl entsteht</translation>
    </message>
    <message>
        <source>Formulas of the selected token and expert, with their values</source>
        <translation>Formeln des gewählten Tokens und Experten, mit ihren Werten</translation>
    </message>
    <message>
        <source>How the layer's, expert's and token's numbers come about: look for which gate the token gets, and why</source>
        <translation>Wie die Zahlen von Schicht, Experte und Token entstehen: welches Gate bekommt das Token, und warum</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>All of it to the clipboard, as text</source>
        <translation>Alles in die Zwischenablage, als Text</translation>
    </message>
    <message>
        <source>Training loss, nats per byte</source>
        <translation>Trainingsverlust, nats je Byte</translation>
    </message>
    <message>
        <source>Mean cross-entropy of the next byte in the last training batch</source>
        <translation>Mittlere Kreuzentropie des nächsten Bytes im letzten Trainings-Batch</translation>
    </message>
    <message>
        <source>Held-out loss at α, nats per byte</source>
        <translation>Held-out-Verlust bei α, nats je Byte</translation>
    </message>
    <message>
        <source>Mean cross-entropy of the next byte on the probe, every layer routed as the lens says</source>
        <translation>Mittlere Kreuzentropie des nächsten Bytes auf der Sonde, jede Schicht so geleitet, wie die Linse sagt</translation>
    </message>
    <message>
        <source>Measures of both sides, and B minus A</source>
        <translation>Maße beider Seiten, und B minus A</translation>
    </message>
    <message>
        <source>there is nothing to play yet: one step of this run is held</source>
        <translation>es gibt noch nichts abzuspielen: ein Schritt dieses Laufs ist behalten</translation>
    </message>
    <message>
        <source>Black screen</source>
        <translation>Schwarzer Bildschirm</translation>
    </message>
    <message>
        <source>&amp;Presenter mode</source>
        <translation>&amp;Vortragsmodus</translation>
    </message>
    <message>
        <source>Pointer of &amp;light</source>
        <translation>&amp;Lichtzeiger</translation>
    </message>
    <message>
        <source>&amp;Black screen</source>
        <translation>&amp;Schwarzer Bildschirm</translation>
    </message>
    <message>
        <source>&amp;Notes on a screen of their own</source>
        <translation>&amp;Notizen auf eigenem Bildschirm</translation>
    </message>
    <message>
        <source>Moescope: notes</source>
        <translation>Moescope: Notizen</translation>
    </message>
    <message>
        <source>Notes of this page</source>
        <translation>Notizen dieser Seite</translation>
    </message>
    <message>
        <source>The next page</source>
        <translation>Die nächste Seite</translation>
    </message>
    <message>
        <source>The time</source>
        <translation>Die Uhrzeit</translation>
    </message>
    <message>
        <source>Since this window opened</source>
        <translation>Seit dieses Fenster offen ist</translation>
    </message>
    <message>
        <source>No lesson is open</source>
        <translation>Keine Lektion ist offen</translation>
    </message>
    <message>
        <source>This page has no notes.</source>
        <translation>Diese Seite hat keine Notizen.</translation>
    </message>
    <message>
        <source>page %1 of %2</source>
        <translation>Seite %1 von %2</translation>
    </message>
    <message>
        <source>Next: %1</source>
        <translation>Danach: %1</translation>
    </message>
    <message>
        <source>This is the last page</source>
        <translation>Das ist die letzte Seite</translation>
    </message>
    <message>
        <source>It shows another source than this page: its picture comes with it.</source>
        <translation>Sie zeigt eine andere Quelle als diese Seite: ihr Bild kommt mit ihr.</translation>
    </message>
    <message>
        <source>It trains a model of its own, router %1: its picture comes with it.</source>
        <translation>Sie trainiert ein eigenes Modell, Router %1: ihr Bild kommt mit ihr.</translation>
    </message>
    <message>
        <source>Pre&amp;sets</source>
        <translation>Vorla&amp;gen</translation>
    </message>
    <message>
        <source>Text of your own</source>
        <translation>Eigener Text</translation>
    </message>
    <message>
        <source>Type a text of your own: each character gets the colour of its leading expert</source>
        <translation>Einen eigenen Text eingeben: jedes Zeichen bekommt die Farbe seines führenden Experten</translation>
    </message>
    <message>
        <source>What the model writes on</source>
        <translation>Was das Modell weiterschreibt</translation>
    </message>
    <message>
        <source>what the model writes on</source>
        <translation>was das Modell weiterschreibt</translation>
    </message>
    <message>
        <source>Write on</source>
        <translation>Weiterschreiben</translation>
    </message>
    <message>
        <source>The model writes %1 bytes more; again: with another seed</source>
        <translation>Das Modell schreibt %1 Bytes weiter; noch einmal: mit anderem Seed</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Takes away what the model wrote</source>
        <translation>Nimmt weg, was das Modell schrieb</translation>
    </message>
    <message>
        <source>Clear what was written on</source>
        <translation>Weitergeschriebenes leeren</translation>
    </message>
    <message>
        <source>Temperature of the next byte</source>
        <translation>Temperatur des nächsten Bytes</translation>
    </message>
    <message>
        <source>Temperature: 0 always takes the likeliest byte, 1 draws as the model expects</source>
        <translation>Temperatur: 0 nimmt immer das wahrscheinlichste Byte, 1 zieht, wie das Modell erwartet</translation>
    </message>
    <message>
        <source>Seed of what the model writes on</source>
        <translation>Seed des Weitergeschriebenen</translation>
    </message>
    <message>
        <source>Seed: the same one writes the same</source>
        <translation>Seed: derselbe schreibt dasselbe</translation>
    </message>
    <message>
        <source>seed </source>
        <translation>Seed </translation>
    </message>
    <message>
        <source>Place in own text</source>
        <translation>Stelle im eigenen Text</translation>
    </message>
    <message>
        <source>A recorded run is shown: its snapshots route only their own tokens. Go on with one of its models (Time menu) to read a text of your own.</source>
        <translation>Ein aufgezeichneter Lauf ist gezeigt: seine Momentaufnahmen leiten nur ihre eigenen Token. Mit einem seiner Modelle weitermachen (Menü Zeit), um einen eigenen Text zu lesen.</translation>
    </message>
    <message>
        <source>What is shown does not train here: there are only the tokens of its trace or capture, and no text of your own.</source>
        <translation>Was gezeigt ist, trainiert hier nicht: es gibt nur die Token seines Trace oder Mitschnitts, keinen eigenen Text.</translation>
    </message>
    <message>
        <source>An earlier step is shown; a text is read by the newest model alone.</source>
        <translation>Ein früherer Schritt ist gezeigt; einen Text liest nur das neueste Modell.</translation>
    </message>
    <message>
        <source>being read…</source>
        <translation>wird gelesen…</translation>
    </message>
    <message>
        <source>The text cannot be read: %1</source>
        <translation>Der Text kann nicht gelesen werden: %1</translation>
    </message>
    <message>
        <source>perplexity a byte: %1 as trained, %2 through this lens</source>
        <translation>Perplexität je Byte: %1 wie trainiert, %2 durch diese Linse</translation>
    </message>
    <message>
        <source>one byte has no perplexity</source>
        <translation>ein Byte hat keine Perplexität</translation>
    </message>
    <message>
        <source>; the first %1 bytes are left out</source>
        <translation>; die ersten %1 Bytes sind weggelassen</translation>
    </message>
    <message>
        <source>; read in parts of %1 bytes</source>
        <translation>; in Teilen von %1 Bytes gelesen</translation>
    </message>
    <message>
        <source>; %1 plays what was recorded before</source>
        <translation>; %1 spielt, was vorher aufgenommen wurde</translation>
    </message>
    <message>
        <source>Sessions (*.moescope)</source>
        <translation>Sitzungen (*.moescope)</translation>
    </message>
    <message>
        <source>Sa&amp;ve session as…</source>
        <translation>&amp;Sitzung speichern unter…</translation>
    </message>
    <message>
        <source>Open sess&amp;ion…</source>
        <translation>Sitzung ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Recent sessions</source>
        <translation>Letzte Sitzungen</translation>
    </message>
    <message>
        <source>Open what did not end: </source>
        <translation>Öffnen, was nicht endete: </translation>
    </message>
    <message>
        <source>Open a session</source>
        <translation>Sitzung öffnen</translation>
    </message>
    <message>
        <source>Save the session</source>
        <translation>Sitzung speichern</translation>
    </message>
    <message>
        <source>there is no session to save: this window keeps none</source>
        <translation>es gibt keine Sitzung zu speichern: dieses Fenster behält keine</translation>
    </message>
    <message>
        <source>saving the session to </source>
        <translation>speichert die Sitzung in </translation>
    </message>
    <message>
        <source>the session is saved: </source>
        <translation>die Sitzung ist gespeichert: </translation>
    </message>
    <message>
        <source>the session was not saved: </source>
        <translation>die Sitzung wurde nicht gespeichert: </translation>
    </message>
    <message>
        <source>Autosaved sessions</source>
        <translation>Automatisch behaltene Sitzungen</translation>
    </message>
    <message>
        <source>They lie in </source>
        <translation>Sie liegen in </translation>
    </message>
    <message>
        <source>
and the oldest go first. Of a run that takes more than a fourth, every second snapshot, analysis and model goes.
Gigabytes of disk that all may take:</source>
        <translation>
und die ältesten gehen zuerst. Von einem Lauf, der mehr als ein Viertel nimmt, geht jede zweite Momentaufnahme, Analyse und jedes zweite Modell.
Gigabyte, die alle zusammen nehmen dürfen:</translation>
    </message>
    <message>
        <source>%1 of the oldest autosaved sessions went: their budget was full</source>
        <translation>%1 der ältesten automatisch behaltenen Sitzungen gingen: ihr Platz war voll</translation>
    </message>
    <message>
        <source>Autosaved sessions: %1 of %2…</source>
        <translation>Behaltene Sitzungen: %1 von %2…</translation>
    </message>
    <message>
        <source>the run of side %1</source>
        <translation>der Lauf von Seite %1</translation>
    </message>
    <message>
        <source>the run</source>
        <translation>der Lauf</translation>
    </message>
    <message>
        <source>%1 entries of %2 could not be kept: %3</source>
        <translation>%1 Einträge nicht behalten (%2): %3</translation>
    </message>
    <message>
        <source>the disk failed, or was too slow</source>
        <translation>die Platte versagte oder war zu langsam</translation>
    </message>
    <message>
        <source> is kept again</source>
        <translation> wird wieder behalten</translation>
    </message>
    <message>
        <source> is not kept at present, and training goes on: </source>
        <translation> wird zurzeit nicht behalten, und das Training geht weiter: </translation>
    </message>
    <message>
        <source>Autosave: %1 steps, %2 snapshots, %3 in %4</source>
        <translation>Behalten: %1 Schritte, %2 Momentaufnahmen, %3 in %4</translation>
    </message>
    <message>
        <source>; %1 snapshots, analyses and models left out to keep to %2</source>
        <translation>; %1 Momentaufnahmen, Analysen und Modelle weggelassen, um bei %2 zu bleiben</translation>
    </message>
    <message>
        <source>; the first and the newest of each kind take more than its %1</source>
        <translation>; die ersten und neuesten jeder Art nehmen mehr als die %1</translation>
    </message>
    <message>
        <source>; %1 entries could not be kept</source>
        <translation>; %1 Einträge nicht behalten</translation>
    </message>
    <message>
        <source>Autosave: </source>
        <translation>Behalten: </translation>
    </message>
    <message>
        <source>begins with the model</source>
        <translation>beginnt mit dem Modell</translation>
    </message>
    <message>
        <source>
All autosaves: %1 of %2</source>
        <translation>
Alle behaltenen Sitzungen: %1 von %2</translation>
    </message>
    <message>
        <source>its own view cannot be read (%1): it is shown as this window was</source>
        <translation>ihre eigene Ansicht kann nicht gelesen werden (%1): sie ist gezeigt, wie dieses Fenster war</translation>
    </message>
    <message>
        <source>another Moescope is writing to it: here it is read only</source>
        <translation>ein anderes Moescope schreibt gerade darin: hier wird nur gelesen</translation>
    </message>
    <message>
        <source>Set: %1 of %2 tokens (everybody in brackets)</source>
        <translation>Menge: %1 von %2 Token (alle in Klammern)</translation>
    </message>
    <message>
        <source>  ·  entropy </source>
        <translation>  ·  Entropie </translation>
    </message>
    <message>
        <source> nats</source>
        <translation> nats</translation>
    </message>
    <message>
        <source>  ·  loss as trained </source>
        <translation>  ·  Verlust wie trainiert </translation>
    </message>
    <message>
        <source>  ·  loss of single tokens: not recorded</source>
        <translation>  ·  Verlust einzelner Token: nicht aufgezeichnet</translation>
    </message>
    <message>
        <source>  ·  led by </source>
        <translation>  ·  geführt von </translation>
    </message>
    <message>
        <source>  ·  load </source>
        <translation>  ·  Last </translation>
    </message>
    <message>
        <source>  ·  without expert: %1</source>
        <translation>  ·  ohne Experte: %1</translation>
    </message>
    <message>
        <source>expert: load of the set (everybody's), share of its tokens that the expert leads (everybody's)</source>
        <translation>Experte: Last der Menge (aller), Anteil ihrer Token, den der Experte führt (aller)</translation>
    </message>
    <message>
        <source>Set: its numbers beside everybody's</source>
        <translation>Menge: ihre Zahlen neben denen aller</translation>
    </message>
    <message>
        <source>&amp;Sets</source>
        <translation>&amp;Mengen</translation>
    </message>
    <message>
        <source>&amp;Invert</source>
        <translation>&amp;Umkehren</translation>
    </message>
    <message>
        <source>Of each kind of which something is selected, all that is not</source>
        <translation>Von jeder Art, von der etwas gewählt ist, alles, was es nicht ist</translation>
    </message>
    <message>
        <source>&amp;Keep under a name…</source>
        <translation>Unter einem Namen &amp;behalten…</translation>
    </message>
    <message>
        <source>Keeps the selected set in the document, to come back to</source>
        <translation>Behält die gewählte Menge im Dokument, um zurückzukommen</translation>
    </message>
    <message>
        <source>Sets</source>
        <translation>Mengen</translation>
    </message>
    <message>
        <source>Kept sets</source>
        <translation>Behaltene Mengen</translation>
    </message>
    <message>
        <source>no set is kept yet: draw an outline around tokens, then keep it</source>
        <translation>noch keine Menge behalten: Token umranden, dann behalten</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>Auswählen</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Dazu</translation>
    </message>
    <message>
        <source>Take away</source>
        <translation>Weg</translation>
    </message>
    <message>
        <source>Nothing is selected that could be kept: draw an outline around tokens first</source>
        <translation>Nichts ist gewählt, das behalten werden könnte: zuerst Token umranden</translation>
    </message>
    <message>
        <source>Name of the set:</source>
        <translation>Name der Menge:</translation>
    </message>
    <message>
        <source>at once</source>
        <translation>sofort</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Keys…</source>
        <translation>Tasten…</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>Tastatur</translation>
    </message>
    <message>
        <source>The sheet of all keys, to search and to change</source>
        <translation>Das Blatt aller Tasten, zum Suchen und Ändern</translation>
    </message>
    <message>
        <source>All as on the first day</source>
        <translation>Alles wie am ersten Tag</translation>
    </message>
    <message>
        <source>Sets everything on this page back, keys too; layouts, recent files and sessions stay</source>
        <translation>Setzt alles auf dieser Seite zurück, auch Tasten; Anordnungen, letzte Dateien und Sitzungen bleiben</translation>
    </message>
    <message>
        <source>%1. Takes effect %2.</source>
        <translation>%1. Wirkt %2.</translation>
    </message>
    <message>
        <source>takes effect %1</source>
        <translation>wirkt %1</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>dunkel</translation>
    </message>
    <message>
        <source>light</source>
        <translation>hell</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Light words on dark, or dark words on light for a bright hall</source>
        <translation>Helle Schrift auf Dunkel, oder dunkle auf Hell für einen hellen Saal</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>1 for a laptop, 1.5 for a projector</source>
        <translation>1 für einen Laptop, 1.5 für einen Projektor</translation>
    </message>
    <message>
        <source>tokens glide to their new places</source>
        <translation>Token gleiten an ihre neuen Orte</translation>
    </message>
    <message>
        <source>So that the eye follows a token; off: each picture comes at once</source>
        <translation>Damit das Auge einem Token folgt; aus: jedes Bild kommt sofort</translation>
    </message>
    <message>
        <source>Disk that sessions kept by themselves may take; the oldest go first</source>
        <translation>Platz, den automatisch behaltene Sitzungen nehmen dürfen; die ältesten gehen zuerst</translation>
    </message>
    <message>
        <source>at once for old sessions, and for a run from the next one on</source>
        <translation>sofort für alte Sitzungen, für einen Lauf ab dem nächsten</translation>
    </message>
    <message>
        <source>Their folder</source>
        <translation>Ihr Ordner</translation>
    </message>
    <message>
        <source>Where sessions are kept by themselves; those that are there stay where they are</source>
        <translation>Wo Sitzungen automatisch behalten werden; was da ist, bleibt, wo es ist</translation>
    </message>
    <message>
        <source>at the next start</source>
        <translation>beim nächsten Start</translation>
    </message>
    <message>
        <source>Folder for autosaved sessions</source>
        <translation>Ordner für automatisch behaltene Sitzungen</translation>
    </message>
    <message>
        <source>: nothing can be written to this folder; sessions stay where they are</source>
        <translation>: in diesen Ordner kann nichts geschrieben werden; Sitzungen bleiben, wo sie sind</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>What training runs on; auto takes a GPU where there is one</source>
        <translation>Worauf das Training läuft; auto nimmt eine GPU, wo es eine gibt</translation>
    </message>
    <message>
        <source>with a new model, which a change starts</source>
        <translation>mit einem neuen Modell, das eine Änderung beginnt</translation>
    </message>
    <message>
        <source>all cores but one</source>
        <translation>alle Kerne bis auf einen</translation>
    </message>
    <message>
        <source>Threads of training</source>
        <translation>Threads des Trainings</translation>
    </message>
    <message>
        <source>Cores that training may take; of A|B each side takes as many</source>
        <translation>Kerne, die das Training nehmen darf; von A|B jede Seite so viele</translation>
    </message>
    <message>
        <source>with the next step</source>
        <translation>mit dem nächsten Schritt</translation>
    </message>
    <message>
        <source>One held picture back, on</source>
        <translation>Ein behaltenes Bild zurück, vor</translation>
    </message>
    <message>
        <source>Time line, with the focus</source>
        <translation>Zeitleiste, mit Fokus</translation>
    </message>
    <message>
        <source>Left, Right</source>
        <translation>Links, Rechts</translation>
    </message>
    <message>
        <source>Ten held pictures back, on</source>
        <translation>Zehn behaltene Bilder zurück, vor</translation>
    </message>
    <message>
        <source>Page Down, Page Up</source>
        <translation>Bild ab, Bild auf</translation>
    </message>
    <message>
        <source>Start of the run, newest step</source>
        <translation>Anfang des Laufs, neuester Schritt</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Pos1, Ende</translation>
    </message>
    <message>
        <source>Play the recording</source>
        <translation>Aufzeichnung abspielen</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Second expert of a pair, or one more</source>
        <translation>Zweiter Experte eines Paars, oder einer mehr</translation>
    </message>
    <message>
        <source>Shift+click, Ctrl+click</source>
        <translation>Umschalt-Klick, Strg-Klick</translation>
    </message>
    <message>
        <source>Fill the window with a view, and back</source>
        <translation>Fenster mit einer Ansicht füllen, und zurück</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Search the keys</source>
        <translation>Die Tasten durchsuchen</translation>
    </message>
    <message>
        <source>Words of a command, of its menu, or a key</source>
        <translation>Wörter eines Befehls oder seines Menüs, oder eine Taste</translation>
    </message>
    <message>
        <source>Search commands and keys</source>
        <translation>Befehle und Tasten suchen</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>Befehle und ihre Tasten</translation>
    </message>
    <message>
        <source>Choose a command to give it another key</source>
        <translation>Einen Befehl wählen, um ihm eine andere Taste zu geben</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>New key of the chosen command</source>
        <translation>Neue Taste des gewählten Befehls</translation>
    </message>
    <message>
        <source>Press the keys that the chosen command is to have</source>
        <translation>Die Tasten drücken, die der gewählte Befehl haben soll</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Setzen</translation>
    </message>
    <message>
        <source>Gives the chosen command the pressed key</source>
        <translation>Gibt dem gewählten Befehl die gedrückte Taste</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Takes the chosen command's key away</source>
        <translation>Nimmt dem gewählten Befehl die Taste</translation>
    </message>
    <message>
        <source>Initial key</source>
        <translation>Erste Taste</translation>
    </message>
    <message>
        <source>The key that the chosen command had on the first day</source>
        <translation>Die Taste, die der gewählte Befehl am ersten Tag hatte</translation>
    </message>
    <message>
        <source>All initial</source>
        <translation>Alle ersten</translation>
    </message>
    <message>
        <source>Every command has the key of the first day</source>
        <translation>Jeder Befehl hat die Taste des ersten Tages</translation>
    </message>
    <message>
        <source>This one is fixed</source>
        <translation>Diese ist fest</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>Nehmen</translation>
    </message>
    <message>
        <source>Choose a command; those of views and time line at the end of the list are fixed</source>
        <translation>Einen Befehl wählen; die von Ansichten und Zeitleiste am Ende der Liste sind fest</translation>
    </message>
    <message>
        <source>Press the keys for it above, then Set</source>
        <translation>Oben die Tasten dafür drücken, dann Setzen</translation>
    </message>
    <message>
        <source>%1 is the key of %2 (%3), which would have none then</source>
        <translation>%1 ist die Taste von %2 (%3), das dann keine hätte</translation>
    </message>
    <message>
        <source> is its key already</source>
        <translation> ist schon seine Taste</translation>
    </message>
    <message>
        <source> is free</source>
        <translation> ist frei</translation>
    </message>
    <message>
        <source>The settings have keys that are no longer understood, and are left out: </source>
        <translation>Die Einstellungen haben Tasten, die nicht mehr verstanden werden und wegbleiben: </translation>
    </message>
    <message>
        <source>the experts' motion over the run cannot be read: </source>
        <translation>die Bewegung der Experten im Lauf kann nicht gelesen werden: </translation>
    </message>
    <message>
        <source>the wanted moment cannot be read, and what was shown stays: </source>
        <translation>der gewünschte Zeitpunkt kann nicht gelesen werden, und das Gezeigte bleibt: </translation>
    </message>
    <message>
        <source>: step %1 stays</source>
        <translation>: Schritt %1 bleibt</translation>
    </message>
    <message>
        <source>run %1 is not on the time line: the newest step is shown</source>
        <translation>Lauf %1 ist nicht auf der Zeitleiste: gezeigt ist der neueste Schritt</translation>
    </message>
    <message>
        <source>concentration </source>
        <translation>Konzentration </translation>
    </message>
    <message>
        <source> is not shown: this model cannot be read so (</source>
        <translation> ist nicht gezeigt: so kann dieses Modell nicht gelesen werden (</translation>
    </message>
    <message>
        <source>Time line: %1 of %2 MB</source>
        <translation>Zeitleiste: %1 von %2 MB</translation>
    </message>
    <message>
        <source>, %1 older snapshots and analyses thinned out</source>
        <translation>, %1 ältere Momentaufnahmen und Analysen ausgedünnt</translation>
    </message>
    <message>
        <source>
Models to go back to: %1, %2 of %3 MB</source>
        <translation>
Modelle zum Zurückkehren: %1, %2 von %3 MB</translation>
    </message>
    <message>
        <source>, %1 forgotten for want of room</source>
        <translation>, %1 aus Platzmangel vergessen</translation>
    </message>
    <message>
        <source>
Models along the run: %1, %2 of %3 MB</source>
        <translation>
Modelle entlang des Laufs: %1, %2 von %3 MB</translation>
    </message>
    <message>
        <source>, %1 thinned out</source>
        <translation>, %1 ausgedünnt</translation>
    </message>
    <message>
        <source>the held-out loss through this lens cannot be computed: </source>
        <translation>der Held-out-Verlust durch diese Linse kann nicht berechnet werden: </translation>
    </message>
    <message>
        <source>the curve over concentration ends at %1: beyond, the Bingham normaliser of this model cannot be computed</source>
        <translation>die Kurve über der Konzentration endet bei %1: darüber lässt sich der Bingham-Normierer dieses Modells nicht berechnen</translation>
    </message>
    <message>
        <source>there is no curve over concentration: this model cannot be read</source>
        <translation>es gibt keine Kurve über der Konzentration: dieses Modell kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>beginnt</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>
The panel shows this side's settings</source>
        <translation>
Die Leiste zeigt die Einstellungen dieser Seite</translation>
    </message>
    <message>
        <source>
Click: the panel shows this side's settings</source>
        <translation>
Klick: die Leiste zeigt die Einstellungen dieser Seite</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Last</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>Entropie</translation>
    </message>
    <message>
        <source>MoE layer that is shown: does each layer part the domains in its own way?</source>
        <translation>Gezeigte MoE-Schicht: trennt jede Schicht die Domänen auf ihre Weise?</translation>
    </message>
    <message>
        <source>Router</source>
        <translation>Router</translation>
    </message>
    <message>
        <source>What gives tokens to experts. Another one starts a new model: watch how soon the corners fill, and which stay empty</source>
        <translation>Was Token zu Experten schickt. Ein anderer beginnt ein neues Modell: wie bald füllen sich die Ecken, und welche bleiben leer?</translation>
    </message>
    <message>
        <source>Layer %1</source>
        <translation>Schicht %1</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <source>Start: presets, lessons, recent files</source>
        <translation>Anfang: Vorlagen, Lektionen, letzte Dateien</translation>
    </message>
    <message>
        <source>Lessons</source>
        <translation>Lektionen</translation>
    </message>
    <message>
        <source>Recent checkpoints</source>
        <translation>Letzte Checkpoints</translation>
    </message>
    <message>
        <source>Presets: one idea each, ready made</source>
        <translation>Vorlagen: je eine Idee, fertig eingerichtet</translation>
    </message>
    <message>
        <source>
last written </source>
        <translation>
zuletzt geschrieben </translation>
    </message>
    <message>
        <source>Runs that did not come to their end</source>
        <translation>Läufe, die nicht zu ihrem Ende kamen</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>training</source>
        <translation>trainiert</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>steht</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>1 Hinweis</translation>
    </message>
    <message>
        <source>%1 notes</source>
        <translation>%1 Hinweise</translation>
    </message>
    <message>
        <source>1 MoE layer, %1 experts, width %2</source>
        <translation>1 MoE-Schicht, %1 Experten, Breite %2</translation>
    </message>
    <message>
        <source>%3 MoE layers, %1 experts, width %2</source>
        <translation>%3 MoE-Schichten, %1 Experten, Breite %2</translation>
    </message>
    <message>
        <source>The model's own rule: </source>
        <translation>Die eigene Regel des Modells: </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Gives up what is being opened; what is shown stays</source>
        <translation>Bricht das Öffnen ab; was gezeigt ist, bleibt</translation>
    </message>
    <message>
        <source>A new model from the same knobs and seed</source>
        <translation>Ein neues Modell aus denselben Stellgrößen und demselben Seed</translation>
    </message>
    <message>
        <source>The model in training, as it was left</source>
        <translation>Das Modell im Training, wie es verlassen wurde</translation>
    </message>
    <message>
        <source>session %1  ·  step %2</source>
        <translation>Sitzung %1  ·  Schritt %2</translation>
    </message>
    <message>
        <source> on </source>
        <translation> auf </translation>
    </message>
    <message>
        <source>  ·  trained %1 steps  ·  step %2 is shown</source>
        <translation>  ·  %1 Schritte trainiert  ·  Schritt %2 ist gezeigt</translation>
    </message>
    <message>
        <source>  ·  step %1</source>
        <translation>  ·  Schritt %1</translation>
    </message>
    <message>
        <source>  (Escape cancels)</source>
        <translation>  (Escape bricht ab)</translation>
    </message>
    <message>
        <source>This view has not drawn anything yet</source>
        <translation>Diese Ansicht hat noch nichts gezeichnet</translation>
    </message>
    <message>
        <source>%1 rows of %2 columns</source>
        <translation>%1 Zeilen mit %2 Spalten</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Save data</source>
        <translation>Daten speichern</translation>
    </message>
    <message>
        <source>Data behind this picture</source>
        <translation>Daten hinter diesem Bild</translation>
    </message>
    <message>
        <source>Copy &amp;data as CSV</source>
        <translation>&amp;Daten als CSV kopieren</translation>
    </message>
    <message>
        <source>Copied: data of %1, %2</source>
        <translation>Kopiert: Daten von %1, %2</translation>
    </message>
    <message>
        <source>Save da&amp;ta…</source>
        <translation>Da&amp;ten speichern…</translation>
    </message>
    <message>
        <source>PNG, nothing behind (*.png)</source>
        <translation>PNG, ohne Hintergrund (*.png)</translation>
    </message>
    <message>
        <source>SVG (*.svg)</source>
        <translation>SVG (*.svg)</translation>
    </message>
    <message>
        <source>SVG, nothing behind (*.svg)</source>
        <translation>SVG, ohne Hintergrund (*.svg)</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>PDF, nothing behind (*.pdf)</source>
        <translation>PDF, ohne Hintergrund (*.pdf)</translation>
    </message>
    <message>
        <source>%1x%2 pixels</source>
        <translation>%1x%2 Pixel</translation>
    </message>
    <message>
        <source>Copied: picture of %1, %2</source>
        <translation>Kopiert: Bild von %1, %2</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation>Bild &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Save picture…</source>
        <translation>Bild &amp;speichern…</translation>
    </message>
    <message>
        <source>Copy pictu&amp;re</source>
        <translation>Bild kopie&amp;ren</translation>
    </message>
    <message>
        <source>Of the view below the pointer, else of the whole window</source>
        <translation>Der Ansicht unter dem Zeiger, sonst des ganzen Fensters</translation>
    </message>
    <message>
        <source>Copied: picture of the whole window, </source>
        <translation>Kopiert: Bild des ganzen Fensters, </translation>
    </message>
    <message>
        <source>&amp;Live: the newest step</source>
        <translation>&amp;Live: der neueste Schritt</translation>
    </message>
    <message>
        <source>Back to the newest step, and stay there</source>
        <translation>Zurück zum neuesten Schritt, und dort bleiben</translation>
    </message>
    <message>
        <source>To the &amp;start</source>
        <translation>Zum &amp;Anfang</translation>
    </message>
    <message>
        <source>To the start of the run: the first picture that is held</source>
        <translation>Zum Anfang des Laufs: das erste behaltene Bild</translation>
    </message>
    <message>
        <source>Step &amp;back</source>
        <translation>Schritt &amp;zurück</translation>
    </message>
    <message>
        <source>One held picture back</source>
        <translation>Ein behaltenes Bild zurück</translation>
    </message>
    <message>
        <source>&amp;Play recording</source>
        <translation>Aufzeichnung ab&amp;spielen</translation>
    </message>
    <message>
        <source>Play what was recorded; training has its own button</source>
        <translation>Aufgezeichnetes abspielen; das Training hat einen eigenen Knopf</translation>
    </message>
    <message>
        <source>Step &amp;forward</source>
        <translation>Schritt &amp;vor</translation>
    </message>
    <message>
        <source>One held picture on</source>
        <translation>Ein behaltenes Bild vor</translation>
    </message>
    <message>
        <source>Book&amp;mark this moment</source>
        <translation>Diesen Zeitpunkt &amp;merken</translation>
    </message>
    <message>
        <source>A name for the shown moment, to come back to</source>
        <translation>Ein Name für den gezeigten Zeitpunkt, um zurückzukommen</translation>
    </message>
    <message>
        <source>&amp;Continue training from here</source>
        <translation>Von hier &amp;weiter trainieren</translation>
    </message>
    <message>
        <source>T&amp;ime</source>
        <translation>&amp;Zeit</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>B&amp;ookmarks</source>
        <translation>Lese&amp;zeichen</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Which run or branch is shown</source>
        <translation>Welcher Lauf oder Zweig gezeigt ist</translation>
    </message>
    <message>
        <source>More of the time line</source>
        <translation>Mehr zur Zeitleiste</translation>
    </message>
    <message>
        <source>Bookmarks and what else can be done with the time line</source>
        <translation>Lesezeichen und was sonst mit der Zeitleiste geht</translation>
    </message>
    <message>
        <source>Speed of playing the recording</source>
        <translation>Tempo der Wiedergabe</translation>
    </message>
    <message>
        <source>How fast the recording is played: held pictures a second, or steps of training a second</source>
        <translation>Wie schnell die Aufzeichnung spielt: behaltene Bilder je Sekunde, oder Trainingsschritte je Sekunde</translation>
    </message>
    <message>
        <source> steps/s</source>
        <translation> Schritte/s</translation>
    </message>
    <message>
        <source> snapshots/s</source>
        <translation> Bilder/s</translation>
    </message>
    <message>
        <source>To the &amp;end of the recording</source>
        <translation>Zum &amp;Ende der Aufzeichnung</translation>
    </message>
    <message>
        <source>To the last step that was recorded</source>
        <translation>Zum letzten aufgezeichneten Schritt</translation>
    </message>
    <message>
        <source>&amp;Pause recording</source>
        <translation>Aufzeichnung &amp;anhalten</translation>
    </message>
    <message>
        <source>&amp;Continue training from step %1</source>
        <translation>Von Schritt %1 &amp;weiter trainieren</translation>
    </message>
    <message>
        <source>Training goes on from the last model that is kept at or before the shown step, as a branch where its run has later steps</source>
        <translation>Das Training geht weiter vom letzten Modell, das bei oder vor dem gezeigten Schritt behalten ist, als Zweig, wo sein Lauf spätere Schritte hat</translation>
    </message>
    <message>
        <source>No model is kept at or before the shown step</source>
        <translation>Kein Modell ist bei oder vor dem gezeigten Schritt behalten</translation>
    </message>
    <message>
        <source>The newest step is shown: training goes on from it anyway</source>
        <translation>Der neueste Schritt ist gezeigt: das Training geht ohnehin von ihm weiter</translation>
    </message>
    <message>
        <source>RECORDED  ·  step %1 of %2</source>
        <translation>AUFGEZEICHNET  ·  Schritt %1 von %2</translation>
    </message>
    <message>
        <source>LIVE  ·  step %1</source>
        <translation>LIVE  ·  Schritt %1</translation>
    </message>
    <message>
        <source>The newest step is shown, and those that come.</source>
        <translation>Gezeigt ist der neueste Schritt, und was kommt.</translation>
    </message>
    <message>
        <source>The recorded run is shown as far as the run beside it is.</source>
        <translation>Der aufgezeichnete Lauf ist so weit gezeigt, wie der neben ihm ist.</translation>
    </message>
    <message>
        <source>The last step that was recorded is shown.</source>
        <translation>Gezeigt ist der letzte aufgezeichnete Schritt.</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>Schritt %1 von %2</translation>
    </message>
    <message>
        <source>Step %1 of run %2 is shown. </source>
        <translation>Gezeigt ist Schritt %1 von Lauf %2. </translation>
    </message>
    <message>
        <source> (wanted: %1)</source>
        <translation> (gewünscht: %1)</translation>
    </message>
    <message>
        <source>Of step %1 no picture is held: this is the nearest before it, or the first. </source>
        <translation>Von Schritt %1 ist kein Bild behalten: dies ist das nächste davor, oder das erste. </translation>
    </message>
    <message>
        <source>  ·  recorded</source>
        <translation>  ·  aufgezeichnet</translation>
    </message>
    <message>
        <source>, run %1</source>
        <translation>, Lauf %1</translation>
    </message>
    <message>
        <source>  ·  run %1, in training: run %2</source>
        <translation>  ·  Lauf %1, im Training: Lauf %2</translation>
    </message>
    <message>
        <source>The model in training is that of run %1, at step %2. </source>
        <translation>Im Training ist das Modell von Lauf %1, bei Schritt %2. </translation>
    </message>
    <message>
        <source>  ·  other knobs than now</source>
        <translation>  ·  andere Stellgrößen als jetzt</translation>
    </message>
    <message>
        <source>Since then the knobs were changed, and the panel shows those of now: %1. </source>
        <translation>Seither wurden Stellgrößen geändert, und die Leiste zeigt die von jetzt: %1. </translation>
    </message>
    <message>
        <source>Training goes on underneath.</source>
        <translation>Das Training geht darunter weiter.</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>Lauf %1</translation>
    </message>
    <message>
        <source>, %1 steps</source>
        <translation>, %1 Schritte</translation>
    </message>
    <message>
        <source>, a branch of run %1 from step %2</source>
        <translation>, ein Zweig von Lauf %1 ab Schritt %2</translation>
    </message>
    <message>
        <source>, recorded last</source>
        <translation>, zuletzt aufgezeichnet</translation>
    </message>
    <message>
        <source>, in training</source>
        <translation>, im Training</translation>
    </message>
    <message>
        <source>None yet: B makes one of the shown moment</source>
        <translation>Noch keines: B merkt den gezeigten Zeitpunkt</translation>
    </message>
    <message>
        <source>	run %1, step %2</source>
        <translation>	Lauf %1, Schritt %2</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>&amp;Umbenennen</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>&amp;Go to</source>
        <translation>&amp;Hingehen</translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation>&amp;Umbenennen…</translation>
    </message>
    <message>
        <source>run </source>
        <translation>Lauf </translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>Name:</translation>
    </message>
    <message>
        <source>Training is paused at step %1%2: change what is to be different, then play</source>
        <translation>Das Training pausiert bei Schritt %1%2: ändern, was anders sein soll, dann Start</translation>
    </message>
    <message>
        <source>, the last model that is kept before step %1</source>
        <translation>, dem letzten vor Schritt %1 behaltenen Modell</translation>
    </message>
    <message>
        <source>'%1' is a moment of run %2, which is not on the time line</source>
        <translation>'%1' ist ein Zeitpunkt von Lauf %2, der nicht auf der Zeitleiste ist</translation>
    </message>
    <message>
        <source>Time line of the run</source>
        <translation>Zeitleiste des Laufs</translation>
    </message>
    <message>
        <source>The shown step of the run; left and right go to the picture before and after, Home to the start, End to the newest step, space plays the recording</source>
        <translation>Der gezeigte Schritt des Laufs; links und rechts gehen zum Bild davor und danach, Pos1 zum Anfang, Ende zum neuesten Schritt, Leertaste spielt die Aufzeichnung ab</translation>
    </message>
    <message>
        <source>no steps yet</source>
        <translation>noch keine Schritte</translation>
    </message>
    <message>
        <source>what is shown does not train here: it has no steps</source>
        <translation>was gezeigt ist, trainiert hier nicht: es hat keine Schritte</translation>
    </message>
    <message>
        <source>run %1, step %2; the nearest picture that is held is of step %3</source>
        <translation>Lauf %1, Schritt %2; das nächste behaltene Bild ist von Schritt %3</translation>
    </message>
    <message>
        <source>bookmark: %1 (run %2, step %3)</source>
        <translation>Lesezeichen: %1 (Lauf %2, Schritt %3)</translation>
    </message>
    <message>
        <source>run %1, after step %2: %3</source>
        <translation>Lauf %1, nach Schritt %2: %3</translation>
    </message>
    <message>
        <source>run %1: the model of step %2 is kept; training can go on from it</source>
        <translation>Lauf %1: das Modell von Schritt %2 ist behalten; das Training kann von ihm weitergehen</translation>
    </message>
    <message>
        <source>run %1 branched off from run %2 at step %3</source>
        <translation>Lauf %1 zweigte von Lauf %2 bei Schritt %3 ab</translation>
    </message>
    <message>
        <source>%1 more branches are not drawn: choose them by the button of runs</source>
        <translation>%1 weitere Zweige sind nicht gezeichnet: mit dem Knopf der Läufe wählen</translation>
    </message>
    <message>
        <source>Tokens by leading expert</source>
        <translation>Token nach führendem Experten</translation>
    </message>
    <message>
        <source>Domain of the shown tokens</source>
        <translation>Domäne der gezeigten Token</translation>
    </message>
    <message>
        <source>Which domain's text to show</source>
        <translation>Welcher Domäne Text gezeigt ist</translation>
    </message>
    <message>
        <source>Which domain's text to show:
</source>
        <translation>Welcher Domäne Text gezeigt ist:
</translation>
    </message>
    <message>
        <source>A stretch of the probe's text, each token coloured by the expert with its largest gate; a click selects the token</source>
        <translation>Ein Stück Text der Sonde, jedes Token in der Farbe des Experten mit seinem größten Gate; ein Klick wählt das Token</translation>
    </message>
    <message>
        <source>the probe's tokens, coloured by expert</source>
        <translation>die Token der Sonde, nach Experten gefärbt</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>&amp;Start</translation>
    </message>
    <message>
        <source>Train or pause</source>
        <translation>Trainieren oder pausieren</translation>
    </message>
    <message>
        <source>One &amp;step</source>
        <translation>&amp;Ein Schritt</translation>
    </message>
    <message>
        <source>One training step while paused</source>
        <translation>Ein Trainingsschritt, während es pausiert</translation>
    </message>
    <message>
        <source>&amp;Reset</source>
        <translation>&amp;Neu</translation>
    </message>
    <message>
        <source>&amp;Back to training</source>
        <translation>&amp;Zurück zum Training</translation>
    </message>
    <message>
        <source>The model in training instead of the checkpoint or session</source>
        <translation>Das Modell im Training statt Checkpoint oder Sitzung</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Making the views ready…</source>
        <translation>Die Ansichten werden vorbereitet…</translation>
    </message>
    <message>
        <source>, side B</source>
        <translation>, Seite B</translation>
    </message>
    <message>
        <source>: ends in none of .png, .svg and .pdf</source>
        <translation>: endet auf keines von .png, .svg und .pdf</translation>
    </message>
    <message>
        <source>This view cannot be drawn: %1</source>
        <translation>Diese Ansicht kann nicht gezeichnet werden: %1</translation>
    </message>
    <message>
        <source>This display draws with OpenGL %1.%2; views need 3.2 or later. `moescope doctor` says what was found.</source>
        <translation>Diese Anzeige zeichnet mit OpenGL %1.%2; Ansichten brauchen 3.2 oder neuer. `moescope doctor` sagt, was gefunden wurde.</translation>
    </message>
    <message>
        <source>No OpenGL can be had on this display. `moescope doctor` says what was found.</source>
        <translation>Auf dieser Anzeige gibt es kein OpenGL. `moescope doctor` sagt, was gefunden wurde.</translation>
    </message>
    <message>
        <source>Nothing that can be selected lies inside the outline: what was selected stays</source>
        <translation>In der Umrandung liegt nichts, das gewählt werden kann: die Auswahl bleibt</translation>
    </message>
    <message>
        <source>mean cos^2 of the principal angles, as many as the smaller of the two subspaces has directions</source>
        <translation>Mittel cos^2 der Hauptwinkel, so viele, wie der kleinere der beiden Unterräume Richtungen hat</translation>
    </message>
    <message>
        <source>mean cos^2 of the %1 principal angles between the top %1 right singular directions of two experts' W_gate</source>
        <translation>Mittel cos^2 der %1 Hauptwinkel zwischen den %1 größten rechten Singulärrichtungen der W_gate zweier Experten</translation>
    </message>
    <message>
        <source>mean cos^2 of the %1 principal angles between the top %1 principal directions of two experts' routed tokens</source>
        <translation>Mittel cos^2 der %1 Hauptwinkel zwischen den %1 größten Hauptrichtungen der zugewiesenen Token zweier Experten</translation>
    </message>
    <message>
        <source>; %1 of %2 experts left out, whose W_gate spans fewer</source>
        <translation>; %1 von %2 Experten weggelassen, deren W_gate weniger aufspannt</translation>
    </message>
    <message>
        <source>; %1 of %2 experts left out, whose routed tokens span fewer</source>
        <translation>; %1 von %2 Experten weggelassen, deren zugewiesene Token weniger aufspannen</translation>
    </message>
    <message>
        <source> (%1 tokens are needed)</source>
        <translation> (%1 Token sind nötig)</translation>
    </message>
    <message>
        <source>router frames</source>
        <translation>Router-Frames</translation>
    </message>
    <message>
        <source>subspaces of routed tokens, step </source>
        <translation>Unterräume der zugewiesenen Token, Schritt </translation>
    </message>
    <message>
        <source>How tokens choose experts; a change keeps experts and data</source>
        <translation>Wie Token ihre Experten wählen; eine Änderung behält Experten und Daten</translation>
    </message>
    <message>
        <source>Corpus</source>
        <translation>Korpus</translation>
    </message>
    <message>
        <source>debian</source>
        <translation>debian</translation>
    </message>
    <message>
        <source>procedural</source>
        <translation>procedural</translation>
    </message>
    <message>
        <source>debian (text of this machine), procedural (synthetic), or a folder</source>
        <translation>debian (Text dieses Rechners), procedural (synthetisch) oder ein Ordner</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>auto</translation>
    </message>
    <message>
        <source>cpu</source>
        <translation>cpu</translation>
    </message>
    <message>
        <source>cuda</source>
        <translation>cuda</translation>
    </message>
    <message>
        <source>auto, cpu or cuda</source>
        <translation>auto, cpu oder cuda</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Of initial weights and batches</source>
        <translation>Der Anfangsgewichte und Batches</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>Experten</translation>
    </message>
    <message>
        <source>Experts in each MoE layer</source>
        <translation>Experten in jeder MoE-Schicht</translation>
    </message>
    <message>
        <source>Top-k in training</source>
        <translation>Top-k (Training)</translation>
    </message>
    <message>
        <source>experts</source>
        <translation>Experten</translation>
    </message>
    <message>
        <source>Experts that work on each token in training</source>
        <translation>Experten, die im Training an jedem Token arbeiten</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Transformer blocks, each with one MoE layer</source>
        <translation>Transformer-Blöcke, jeder mit einer MoE-Schicht</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Residual width, a multiple of the heads</source>
        <translation>Breite des Residualstroms, ein Vielfaches der Köpfe</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>Köpfe</translation>
    </message>
    <message>
        <source>Attention heads</source>
        <translation>Köpfe der Attention</translation>
    </message>
    <message>
        <source>Expert width</source>
        <translation>Expertenbreite</translation>
    </message>
    <message>
        <source>units</source>
        <translation>Einheiten</translation>
    </message>
    <message>
        <source>Hidden units of each SwiGLU expert</source>
        <translation>Verborgene Einheiten jedes SwiGLU-Experten</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>Bytes in each sequence</source>
        <translation>Bytes in jeder Sequenz</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Batch</translation>
    </message>
    <message>
        <source>sequences</source>
        <translation>Sequenzen</translation>
    </message>
    <message>
        <source>Sequences in each step</source>
        <translation>Sequenzen in jedem Schritt</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Of AdamW; training diverges well before the top of this range</source>
        <translation>Von AdamW; das Training divergiert lange vor dem oberen Ende</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>Zeitplan</translation>
    </message>
    <message>
        <source>constant</source>
        <translation>konstant</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>Kosinus</translation>
    </message>
    <message>
        <source>half a cosine from the learning rate to a tenth of it</source>
        <translation>ein halber Kosinus von der Lernrate bis zu einem Zehntel davon</translation>
    </message>
    <message>
        <source>Of the learning rate: constant, or along half a cosine to a tenth at the schedule's last step</source>
        <translation>Der Lernrate: konstant, oder auf einem halben Kosinus bis zu einem Zehntel beim letzten Schritt des Plans</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Aufwärmen</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Steps over which the learning rate rises from 0</source>
        <translation>Schritte, über die die Lernrate von 0 steigt</translation>
    </message>
    <message>
        <source>Schedule ends</source>
        <translation>Plan endet</translation>
    </message>
    <message>
        <source>Step at which a cosine schedule has reached a tenth of the learning rate</source>
        <translation>Schritt, bei dem ein Kosinusplan ein Zehntel der Lernrate erreicht hat</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>Weight Decay</translation>
    </message>
    <message>
        <source>Of AdamW, on matrices: their share lost in a step at learning rate 1</source>
        <translation>Von AdamW, auf Matrizen: ihr Anteil, der in einem Schritt bei Lernrate 1 verloren geht</translation>
    </message>
    <message>
        <source>Beta 1</source>
        <translation>Beta 1</translation>
    </message>
    <message>
        <source>Of AdamW: memory of the mean gradient from step to step</source>
        <translation>Von AdamW: Gedächtnis des mittleren Gradienten von Schritt zu Schritt</translation>
    </message>
    <message>
        <source>Beta 2</source>
        <translation>Beta 2</translation>
    </message>
    <message>
        <source>Of AdamW: memory of the mean squared gradient from step to step</source>
        <translation>Von AdamW: Gedächtnis des mittleren quadrierten Gradienten von Schritt zu Schritt</translation>
    </message>
    <message>
        <source>Capacity factor</source>
        <translation>Kapazitätsfaktor</translation>
    </message>
    <message>
        <source>An expert takes at most this times its fair share of a batch's assignments, the first ones; the rest are dropped. 0: no limit. Only for routers whose tokens choose k experts</source>
        <translation>Ein Experte nimmt höchstens so oft seinen gerechten Anteil der Zuordnungen eines Batches, die ersten; der Rest wird verworfen. 0: keine Grenze. Nur für Router, deren Token k Experten wählen</translation>
    </message>
    <message>
        <source>Shared expert</source>
        <translation>Geteilter Experte</translation>
    </message>
    <message>
        <source>Hidden units of one more expert that works on every token and that no router chooses; 0: none</source>
        <translation>Verborgene Einheiten eines weiteren Experten, der an jedem Token arbeitet und den kein Router wählt; 0: keiner</translation>
    </message>
    <message>
        <source>Auxiliary weight</source>
        <translation>Hilfsgewicht</translation>
    </message>
    <message>
        <source>Noisy top-k and Switch: weight of their balancing loss; logits standardised by token: the most that it can have</source>
        <translation>Noisy top-k und Switch: Gewicht ihres Ausgleichsverlusts; je Token standardisierte Logits: das höchste, das er haben kann</translation>
    </message>
    <message>
        <source>z-loss weight</source>
        <translation>z-Loss-Gewicht</translation>
    </message>
    <message>
        <source>z-loss: weight of mean (logsumexp of the logits)^2</source>
        <translation>z-Loss: Gewicht des Mittels von (logsumexp der Logits)^2</translation>
    </message>
    <message>
        <source>Bias rate</source>
        <translation>Bias-Rate</translation>
    </message>
    <message>
        <source>Loss-free bias: how far a bias moves in a step</source>
        <translation>Loss-free bias: wie weit sich ein Bias in einem Schritt bewegt</translation>
    </message>
    <message>
        <source>Sequence weight</source>
        <translation>Sequenz-Gewicht</translation>
    </message>
    <message>
        <source>Loss-free bias on logits: weight of Switch's loss within each sequence</source>
        <translation>Loss-free bias auf Logits: Gewicht von Switchs Verlust in jeder Sequenz</translation>
    </message>
    <message>
        <source>Centroid rate</source>
        <translation>Zentroidrate</translation>
    </message>
    <message>
        <source>Online K-Means: share of the way from a centroid to the mean of its tokens that it moves in a step</source>
        <translation>Online K-Means: Anteil des Wegs von einem Zentroid zum Mittel seiner Token, den es in einem Schritt geht</translation>
    </message>
    <message>
        <source>Centroids start</source>
        <translation>Zentroide: Start</translation>
    </message>
    <message>
        <source>spread tokens</source>
        <translation>verteilte Token</translation>
    </message>
    <message>
        <source>tokens of the first step, evenly spread over it</source>
        <translation>Token des ersten Schritts, gleichmäßig über ihn verteilt</translation>
    </message>
    <message>
        <source>mean with noise</source>
        <translation>Mittel mit Rauschen</translation>
    </message>
    <message>
        <source>the first step's mean token, with noise as wide as the tokens' spread</source>
        <translation>das mittlere Token des ersten Schritts, mit Rauschen so breit wie die Streuung der Token</translation>
    </message>
    <message>
        <source>k-means++</source>
        <translation>k-means++</translation>
    </message>
    <message>
        <source>tokens of the first step, each drawn in proportion to its squared distance from those drawn before</source>
        <translation>Token des ersten Schritts, jedes proportional zu seinem quadrierten Abstand von den vorher gezogenen gezogen</translation>
    </message>
    <message>
        <source>Online K-Means: where the centroids start</source>
        <translation>Online K-Means: wo die Zentroide beginnen</translation>
    </message>
    <message>
        <source>Unit tokens</source>
        <translation>Einheitstoken</translation>
    </message>
    <message>
        <source>Online K-Means: centroids follow tokens of unit length; else long tokens weigh more (1: yes)</source>
        <translation>Online K-Means: Zentroide folgen Token der Länge 1; sonst wiegen lange Token mehr (1: ja)</translation>
    </message>
    <message>
        <source>Balance weight</source>
        <translation>Ausgleichsgewicht</translation>
    </message>
    <message>
        <source>GrMoE: beta_u of KL(mean gate || uniform)</source>
        <translation>GrMoE: beta_u von KL(mittleres Gate || gleich verteilt)</translation>
    </message>
    <message>
        <source>Posterior</source>
        <translation>Posterior</translation>
    </message>
    <message>
        <source>GrMoE: gates are an amortised posterior q(e | token), the prior's logits plus a small network's correction (1: yes)</source>
        <translation>GrMoE: Gates sind ein amortisierter Posterior q(e | Token), die Logits des Priors plus die Korrektur eines kleinen Netzes (1: ja)</translation>
    </message>
    <message>
        <source>Posterior weight</source>
        <translation>Posterior-Gewicht</translation>
    </message>
    <message>
        <source>GrMoE: beta of KL(posterior || prior)</source>
        <translation>GrMoE: beta von KL(Posterior || Prior)</translation>
    </message>
    <message>
        <source>Spectrum weight</source>
        <translation>Spektrumgewicht</translation>
    </message>
    <message>
        <source>GrMoE: gamma of the mean eigenvalue of all spectra</source>
        <translation>GrMoE: gamma des mittleren Eigenwerts aller Spektren</translation>
    </message>
    <message>
        <source>Diversity weight</source>
        <translation>Diversitätsgewicht</translation>
    </message>
    <message>
        <source>GrMoE: delta of the mean overlap of different experts' subspaces</source>
        <translation>GrMoE: delta der mittleren Überlappung der Unterräume verschiedener Experten</translation>
    </message>
    <message>
        <source>Centre tokens</source>
        <translation>Token zentrieren</translation>
    </message>
    <message>
        <source>Subtract the running mean of the tokens before routing (1: yes)</source>
        <translation>Vor dem Routing das laufende Mittel der Token abziehen (1: ja)</translation>
    </message>
    <message>
        <source>Coupling-aware</source>
        <translation>Kopplungsbewusst</translation>
    </message>
    <message>
        <source>Linear routers: each row learns only from the tokens that its expert was given (1: yes)</source>
        <translation>Lineare Router: jede Zeile lernt nur aus den Token, die ihr Experte bekam (1: ja)</translation>
    </message>
    <message>
        <source>Frame rank</source>
        <translation>Rang der Frames</translation>
    </message>
    <message>
        <source>GrMoE: dimension of each expert's subspace</source>
        <translation>GrMoE: Dimension des Unterraums jedes Experten</translation>
    </message>
    <message>
        <source>Probe</source>
        <translation>Sonde</translation>
    </message>
    <message>
        <source>Labelled tokens that every snapshot is measured on and keeps, a few dozen snapshots in the memory of the time line; tokens by the million are read from a trace</source>
        <translation>Token mit bekannter Domäne, an denen jede Momentaufnahme gemessen wird und die sie behält, einige Dutzend Momentaufnahmen im Speicher der Zeitachse; Millionen von Token werden aus einer Spur gelesen</translation>
    </message>
    <message>
        <source>Snapshot every</source>
        <translation>Bild alle</translation>
    </message>
    <message>
        <source>Steps between snapshots while playing</source>
        <translation>Schritte zwischen zwei Momentaufnahmen im Lauf</translation>
    </message>
    <message>
        <source>tempered: softmax(α·logit)</source>
        <translation>temperiert: Softmax(α·Logit)</translation>
    </message>
    <message>
        <source>Entropy never rises with α, for every token</source>
        <translation>Die Entropie steigt nie mit α, für jedes Token</translation>
    </message>
    <message>
        <source>Bingham: α scales the spectra</source>
        <translation>Bingham: α skaliert die Spektren</translation>
    </message>
    <message>
        <source>α enters the normaliser too; single tokens may become less sure when spectra differ between experts. The same for routers without spectra</source>
        <translation>α geht auch in den Normierer ein; einzelne Token können unsicherer werden, wenn sich die Spektren der Experten unterscheiden. Für Router ohne Spektren dasselbe</translation>
    </message>
    <message>
        <source>posterior q, as trained</source>
        <translation>Posterior q, wie trainiert</translation>
    </message>
    <message>
        <source>What training applies: the amortised posterior where the posterior knob is on</source>
        <translation>Was das Training anwendet: der amortisierte Posterior, wo die Stellgröße Posterior an ist</translation>
    </message>
    <message>
        <source>prior p</source>
        <translation>Prior p</translation>
    </message>
    <message>
        <source>The Bingham mixture alone</source>
        <translation>Die Bingham-Mischung allein</translation>
    </message>
    <message>
        <source>The router's own rule: its number of experts, bias, groups, capacity and gates</source>
        <translation>Die eigene Regel des Routers: seine Zahl von Experten, Bias, Gruppen, Kapazität und Gates</translation>
    </message>
    <message>
        <source>soft</source>
        <translation>weich</translation>
    </message>
    <message>
        <source>Every expert keeps its probability</source>
        <translation>Jeder Experte behält seine Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>The k largest, renormalised</source>
        <translation>Die k größten, neu normiert</translation>
    </message>
    <message>
        <source>top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>The fewest largest whose mass reaches p, renormalised</source>
        <translation>Die wenigsten größten, deren Masse p erreicht, neu normiert</translation>
    </message>
    <message>
        <source>threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Every one of at least the threshold, always the largest, renormalised</source>
        <translation>Alle ab der Schwelle, immer das größte, neu normiert</translation>
    </message>
    <message>
        <source>Multiplies the logits: 0 is uniform, 1 as they are, large is one-hot</source>
        <translation>Multipliziert die Logits: 0 gleich verteilt, 1 wie sie sind, groß ein einziger Experte</translation>
    </message>
    <message>
        <source>MoE layer, counted from 1 (of a checkpoint: its MoE layers)</source>
        <translation>MoE-Schicht, ab 1 gezählt (eines Checkpoints: seine MoE-Schichten)</translation>
    </message>
    <message>
        <source>Which experts work on a token, and with what gates</source>
        <translation>Welche Experten an einem Token arbeiten, und mit welchen Gates</translation>
    </message>
    <message>
        <source>Experts kept by top-k</source>
        <translation>Experten, die Top-k behält</translation>
    </message>
    <message>
        <source>Mass kept by top-p</source>
        <translation>Masse, die Top-p behält</translation>
    </message>
    <message>
        <source>gate ≥</source>
        <translation>Gate ≥</translation>
    </message>
    <message>
        <source>Least gate kept by threshold</source>
        <translation>Kleinstes Gate, das die Schwelle behält</translation>
    </message>
    <message>
        <source>How the concentration enters the logits</source>
        <translation>Wie die Konzentration in die Logits eingeht</translation>
    </message>
    <message>
        <source>GrMoE with the posterior knob: which of its two gate distributions is read</source>
        <translation>GrMoE mit Posterior: welche seiner zwei Gate-Verteilungen gelesen wird</translation>
    </message>
    <message>
        <source>probabilities</source>
        <translation>Wahrscheinlichkeiten</translation>
    </message>
    <message>
        <source>applied gates</source>
        <translation>angewandte Gates</translation>
    </message>
    <message>
        <source>assignments</source>
        <translation>Zuordnungen</translation>
    </message>
    <message>
        <source>assignments in training</source>
        <translation>Zuordnungen im Training</translation>
    </message>
    <message>
        <source>0…log N</source>
        <translation>0…log N</translation>
    </message>
    <message>
        <source>mean over tokens of H = -sum p log p</source>
        <translation>Mittel über Token von H = -Summe p log p</translation>
    </message>
    <message>
        <source>  proven lower bound</source>
        <translation>  bewiesene untere Schranke</translation>
    </message>
    <message>
        <source>≤ entropy</source>
        <translation>≤ Entropie</translation>
    </message>
    <message>
        <source>E2, from each token's range of logits</source>
        <translation>E2, aus der Spannweite der Logits jedes Tokens</translation>
    </message>
    <message>
        <source>  proven upper bound</source>
        <translation>  bewiesene obere Schranke</translation>
    </message>
    <message>
        <source>≥ entropy</source>
        <translation>≥ Entropie</translation>
    </message>
    <message>
        <source>E3, from each token's gap of its two largest logits</source>
        <translation>E3, aus dem Abstand der zwei größten Logits jedes Tokens</translation>
    </message>
    <message>
        <source>Effective experts</source>
        <translation>Effektive Experten</translation>
    </message>
    <message>
        <source>1…N</source>
        <translation>1…N</translation>
    </message>
    <message>
        <source>mean over tokens of exp H</source>
        <translation>Mittel über Token von exp H</translation>
    </message>
    <message>
        <source>Top-2 mass</source>
        <translation>Top-2-Masse</translation>
    </message>
    <message>
        <source>2/N…1</source>
        <translation>2/N…1</translation>
    </message>
    <message>
        <source>mean over tokens of the two largest probabilities</source>
        <translation>Mittel über Token der zwei größten Wahrscheinlichkeiten</translation>
    </message>
    <message>
        <source>≤ mass</source>
        <translation>≤ Masse</translation>
    </message>
    <message>
        <source>E4, from the gap behind the second largest logit</source>
        <translation>E4, aus dem Abstand hinter dem zweitgrößten Logit</translation>
    </message>
    <message>
        <source>Least mean probability</source>
        <translation>Kleinstes mittleres P</translation>
    </message>
    <message>
        <source>of mean</source>
        <translation>des Mittels</translation>
    </message>
    <message>
        <source>N times the smallest mean probability of an expert</source>
        <translation>N mal die kleinste mittlere Wahrscheinlichkeit eines Experten</translation>
    </message>
    <message>
        <source>≤ least</source>
        <translation>≤ kleinste</translation>
    </message>
    <message>
        <source>C2, from KL(mean probabilities || uniform); 0: nothing is excluded</source>
        <translation>C2, aus KL(mittlere Wahrscheinlichkeiten || gleich verteilt); 0: nichts ist ausgeschlossen</translation>
    </message>
    <message>
        <source>P(an expert idle), at least</source>
        <translation>P(Experte müßig) mindestens</translation>
    </message>
    <message>
        <source>if every probe token drew one expert by its probabilities: 1 - prod_e (1 - prod_t (1 - p_te))</source>
        <translation>wenn jedes Token der Sonde einen Experten nach seinen Wahrscheinlichkeiten zöge: 1 - prod_e (1 - prod_t (1 - p_te))</translation>
    </message>
    <message>
        <source>≥ P</source>
        <translation>≥ P</translation>
    </message>
    <message>
        <source>C1, N prod_t (1 - p_min of the token's range of logits); – where it is 1 or more</source>
        <translation>C1, N prod_t (1 - p_min der Spannweite der Logits des Tokens); – wo es 1 oder mehr ist</translation>
    </message>
    <message>
        <source>KL(posterior || prior)</source>
        <translation>KL(Posterior || Prior)</translation>
    </message>
    <message>
        <source>0 = same</source>
        <translation>0 = gleich</translation>
    </message>
    <message>
        <source>mean over tokens; only with GrMoE's posterior on</source>
        <translation>Mittel über Token; nur mit GrMoEs Posterior</translation>
    </message>
    <message>
        <source>Posterior and prior agree</source>
        <translation>Posterior und Prior einig</translation>
    </message>
    <message>
        <source>share of tokens whose leading expert is the same in both</source>
        <translation>Anteil der Token, deren führender Experte in beiden derselbe ist</translation>
    </message>
    <message>
        <source>Load CV</source>
        <translation>Load CV</translation>
    </message>
    <message>
        <source>standard deviation of the loads / mean load; load: mean applied gate, each token's scaled to sum 1</source>
        <translation>Standardabweichung der Lasten / mittlere Last; Last: mittleres angewandtes Gate, die eines Tokens auf Summe 1 skaliert</translation>
    </message>
    <message>
        <source>MaxVio</source>
        <translation>MaxVio</translation>
    </message>
    <message>
        <source>largest load / mean load - 1</source>
        <translation>größte Last / mittlere Last - 1</translation>
    </message>
    <message>
        <source>Gini of loads</source>
        <translation>Gini der Lasten</translation>
    </message>
    <message>
        <source>mean absolute difference of loads / (2 mean load)</source>
        <translation>mittlere absolute Differenz der Lasten / (2 mittlere Last)</translation>
    </message>
    <message>
        <source>Load entropy</source>
        <translation>Entropie der Last</translation>
    </message>
    <message>
        <source>of log N</source>
        <translation>von log N</translation>
    </message>
    <message>
        <source>H(load) / log N</source>
        <translation>H(Last) / log N</translation>
    </message>
    <message>
        <source>Least load</source>
        <translation>Kleinste Last</translation>
    </message>
    <message>
        <source>N times the smallest load</source>
        <translation>N mal die kleinste Last</translation>
    </message>
    <message>
        <source>Dead experts</source>
        <translation>Tote Experten</translation>
    </message>
    <message>
        <source>experts with under a tenth of the mean number of assignments (gates above 0)</source>
        <translation>Experten mit unter einem Zehntel der mittleren Zahl von Zuordnungen (Gates über 0)</translation>
    </message>
    <message>
        <source>Tokens without expert</source>
        <translation>Token ohne Experte</translation>
    </message>
    <message>
        <source>probe tokens without any applied gate, dropped by capacity or taken by no expert; loads and entropy of applied gates leave them out</source>
        <translation>Token der Sonde ohne angewandtes Gate, durch Kapazität verworfen oder von keinem Experten genommen; Lasten und Entropie angewandter Gates lassen sie weg</translation>
    </message>
    <message>
        <source>Gates below 0.01</source>
        <translation>Gates unter 0.01</translation>
    </message>
    <message>
        <source>share of all token-expert pairs with an applied gate under 0.01</source>
        <translation>Anteil aller Paare von Token und Experte mit einem angewandten Gate unter 0.01</translation>
    </message>
    <message>
        <source>I(token; expert)</source>
        <translation>I(Token; Experte)</translation>
    </message>
    <message>
        <source>0 = none</source>
        <translation>0 = keine</translation>
    </message>
    <message>
        <source>H(load) - mean H of a token's applied gates</source>
        <translation>H(Last) - mittleres H der angewandten Gates eines Tokens</translation>
    </message>
    <message>
        <source>I(domain; expert)</source>
        <translation>I(Domäne; Experte)</translation>
    </message>
    <message>
        <source>mutual information of a token's domain and expert; biased upwards by about (D-1)(N-1)/2T</source>
        <translation>Transinformation von Domäne und Experte eines Tokens; nach oben verzerrt um etwa (D-1)(N-1)/2T</translation>
    </message>
    <message>
        <source>Churn since last picture</source>
        <translation>Wechsel seit letztem Bild</translation>
    </message>
    <message>
        <source>0 = settled</source>
        <translation>0 = ruhig</translation>
    </message>
    <message>
        <source>share of probe tokens whose leading expert changed since the snapshot before</source>
        <translation>Anteil der Token der Sonde, deren führender Experte seit der Momentaufnahme davor wechselte</translation>
    </message>
    <message>
        <source>Intended load CV</source>
        <translation>Gewollter Load CV</translation>
    </message>
    <message>
        <source>CV of the assignments that the router chose in the last ten or so training steps</source>
        <translation>CV der Zuordnungen, die der Router in den letzten etwa zehn Trainingsschritten wählte</translation>
    </message>
    <message>
        <source>Actual load CV</source>
        <translation>Tatsächlicher Load CV</translation>
    </message>
    <message>
        <source>the same of what the experts' capacity let through</source>
        <translation>dasselbe von dem, was die Kapazität der Experten durchließ</translation>
    </message>
    <message>
        <source>Dropped by capacity</source>
        <translation>Wegen Kapazität verworfen</translation>
    </message>
    <message>
        <source>assignments dropped / assignments intended</source>
        <translation>verworfene / gewollte Zuordnungen</translation>
    </message>
    <message>
        <source>Router similarity</source>
        <translation>Ähnlichkeit der Router</translation>
    </message>
    <message>
        <source>0…1</source>
        <translation>0…1</translation>
    </message>
    <message>
        <source>mean |cos| of different experts' router directions; sqrt(2/(pi d)) for random ones; – where the router has none</source>
        <translation>Mittel |cos| der Routerrichtungen verschiedener Experten; sqrt(2/(pi d)) für zufällige; – wo der Router keine hat</translation>
    </message>
    <message>
        <source>loss, nats per byte</source>
        <translation>Verlust, nats je Byte</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>held-out loss, nats per byte</source>
        <translation>Held-out-Verlust, nats je Byte</translation>
    </message>
    <message>
        <source>held out</source>
        <translation>Held-out</translation>
    </message>
    <message>
        <source>entropy</source>
        <translation>Entropie</translation>
    </message>
    <message>
        <source>effective experts</source>
        <translation>effektive Experten</translation>
    </message>
    <message>
        <source>load CV</source>
        <translation>Load CV</translation>
    </message>
    <message>
        <source>CV</source>
        <translation>CV</translation>
    </message>
    <message>
        <source>dropped by capacity, share</source>
        <translation>durch Kapazität verworfen, Anteil</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>verworfen</translation>
    </message>
    <message>
        <source>auxiliary loss</source>
        <translation>Hilfsverlust</translation>
    </message>
    <message>
        <source>aux. loss</source>
        <translation>Hilfsverlust</translation>
    </message>
    <message>
        <source>BASE</source>
        <translation>BASE</translation>
    </message>
    <message>
        <source>Equal loads by a linear assignment while training, plain top-k outside training</source>
        <translation>Gleiche Lasten durch eine lineare Zuordnung im Training, sonst einfaches Top-k</translation>
    </message>
    <message>
        <source>Expert choice</source>
        <translation>Expert choice</translation>
    </message>
    <message>
        <source>Each expert takes its best tokens of the batch: equal loads, but not causal</source>
        <translation>Jeder Experte nimmt seine besten Token des Batches: gleiche Lasten, aber nicht kausal</translation>
    </message>
    <message>
        <source>Grassmannian (GrMoE)</source>
        <translation>Grassmann (GrMoE)</translation>
    </message>
    <message>
        <source>Gates are the posterior of Bingham distributions around learned subspaces; with the posterior knob, corrected by a small network</source>
        <translation>Gates sind der Posterior von Bingham-Verteilungen um gelernte Unterräume; mit der Stellgröße Posterior von einem kleinen Netz korrigiert</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>Hash</translation>
    </message>
    <message>
        <source>A fixed seeded table from byte to experts, equal gates; nothing is learned</source>
        <translation>Eine feste Tabelle aus einem Seed von Byte zu Experten, gleiche Gates; nichts wird gelernt</translation>
    </message>
    <message>
        <source>Loss-free bias (sign)</source>
        <translation>Loss-free bias (Vorzeichen)</translation>
    </message>
    <message>
        <source>Top-k of gate + bias; the bias moves by the bias rate against the sign of the load's excess</source>
        <translation>Top-k von Gate + Bias; der Bias bewegt sich um die Bias-Rate gegen das Vorzeichen des Lastüberschusses</translation>
    </message>
    <message>
        <source>Loss-free bias (proportional)</source>
        <translation>Loss-free bias (proportional)</translation>
    </message>
    <message>
        <source>Top-k of gate + bias; the bias moves by the bias rate times the load's excess</source>
        <translation>Top-k von Gate + Bias; der Bias bewegt sich um die Bias-Rate mal den Lastüberschuss</translation>
    </message>
    <message>
        <source>Noisy top-k</source>
        <translation>Noisy top-k</translation>
    </message>
    <message>
        <source>Top-k with learned noise while training and the importance loss CV^2 (auxiliary weight)</source>
        <translation>Top-k mit gelerntem Rauschen im Training und dem Verlust CV^2 der Wichtigkeit (Hilfsgewicht)</translation>
    </message>
    <message>
        <source>Online K-Means</source>
        <translation>Online K-Means</translation>
    </message>
    <message>
        <source>Cosine to a running mean of each expert's tokens; no parameters</source>
        <translation>Kosinus zum laufenden Mittel der Token jedes Experten; keine Parameter</translation>
    </message>
    <message>
        <source>ReLU (ReMoE)</source>
        <translation>ReLU (ReMoE)</translation>
    </message>
    <message>
        <source>Gates ReLU(w.h), any number of experts a token; a penalty that adapts holds the mean number at top-k</source>
        <translation>Gates ReLU(w.h), beliebig viele Experten je Token; eine Strafe, die sich anpasst, hält ihre mittlere Zahl bei Top-k</translation>
    </message>
    <message>
        <source>Sigmoid with bias (DeepSeek-V3)</source>
        <translation>Sigmoid mit Bias (DeepSeek-V3)</translation>
    </message>
    <message>
        <source>Sigmoid affinities, a loss-free bias for the choice only</source>
        <translation>Sigmoid-Affinitäten, ein Bias ohne Verlust nur für die Wahl</translation>
    </message>
    <message>
        <source>Sinkhorn</source>
        <translation>Sinkhorn</translation>
    </message>
    <message>
        <source>Choice by a plan of equal loads while training, plain top-k outside training</source>
        <translation>Wahl nach einem Plan gleicher Lasten im Training, sonst einfaches Top-k</translation>
    </message>
    <message>
        <source>Fully soft</source>
        <translation>Ganz weich</translation>
    </message>
    <message>
        <source>Linear scores, softmax, every expert works on every token</source>
        <translation>Lineare Punktzahlen, Softmax, jeder Experte arbeitet an jedem Token</translation>
    </message>
    <message>
        <source>Standardised top-k</source>
        <translation>Standardisiertes Top-k</translation>
    </message>
    <message>
        <source>Top-k standardised by token</source>
        <translation>Top-k, je Token standardisiert</translation>
    </message>
    <message>
        <source>Top-k of logits standardised over the experts, token by token; Switch's loss weighs as much as experts are overloaded</source>
        <translation>Top-k der je Token über die Experten standardisierten Logits; Switchs Verlust wiegt so viel, wie Experten überlastet sind</translation>
    </message>
    <message>
        <source>Loss-free bias on logits</source>
        <translation>Loss-free bias auf Logits</translation>
    </message>
    <message>
        <source>Top-k of logit + bias, moved as in the loss-free bias; Switch's loss within each sequence (sequence weight)</source>
        <translation>Top-k von Logit + Bias, bewegt wie beim Loss-free bias; Switchs Verlust in jeder Sequenz (Sequenz-Gewicht)</translation>
    </message>
    <message>
        <source>Dense (no routing)</source>
        <translation>Dicht (kein Routing)</translation>
    </message>
    <message>
        <source>Every expert on every token with gate 1/N: together one network of N times the hidden units; nothing is routed</source>
        <translation>Jeder Experte an jedem Token mit Gate 1/N: zusammen ein Netz mit N-mal so vielen verborgenen Einheiten; nichts wird geroutet</translation>
    </message>
    <message>
        <source>Top-k of logits less each expert's running mean, by its running deviation (rate 0.99)</source>
        <translation>Top-k der Logits weniger dem laufenden Mittel jedes Experten, durch seine laufende Abweichung (Rate 0.99)</translation>
    </message>
    <message>
        <source>Top-k + Switch loss</source>
        <translation>Top-k + Switch-Verlust</translation>
    </message>
    <message>
        <source>Top-k with Switch's loss N sum f P (auxiliary weight)</source>
        <translation>Top-k mit dem Verlust N Summe f P von Switch (Hilfsgewicht)</translation>
    </message>
    <message>
        <source>Top-k softmax</source>
        <translation>Top-k Softmax</translation>
    </message>
    <message>
        <source>Linear scores, softmax, the k largest experts work; no balancing</source>
        <translation>Lineare Punktzahlen, Softmax, die k größten Experten arbeiten; kein Ausgleich</translation>
    </message>
    <message>
        <source>von Mises-Fisher</source>
        <translation>von Mises-Fisher</translation>
    </message>
    <message>
        <source>Gates are the posterior of von Mises-Fisher distributions around one direction each (rank 1)</source>
        <translation>Gates sind der Posterior von von-Mises-Fisher-Verteilungen um je eine Richtung (Rang 1)</translation>
    </message>
    <message>
        <source>Top-k + z-loss</source>
        <translation>Top-k + z-Loss</translation>
    </message>
    <message>
        <source>Top-k with the mean squared logsumexp of its logits as loss (z-loss weight)</source>
        <translation>Top-k mit dem mittleren quadrierten logsumexp seiner Logits als Verlust (z-Loss-Gewicht)</translation>
    </message>
    <message>
        <source>What a balancing loss does</source>
        <translation>Was ein Ausgleichsverlust tut</translation>
    </message>
    <message>
        <source>Switch's auxiliary loss at weight 0.1: loads even out; compare entropy and loss with the collapse preset.</source>
        <translation>Der Hilfsverlust von Switch mit Gewicht 0.1: die Lasten gleichen sich aus; Entropie und Verlust mit der Vorlage zum Kollaps vergleichen.</translation>
    </message>
    <message>
        <source>Tokens that are dropped</source>
        <translation>Verworfene Token</translation>
    </message>
    <message>
        <source>Each expert takes at most its fair share of a batch: what does not fit is dropped, and counted.</source>
        <translation>Jeder Experte nimmt höchstens seinen gerechten Anteil eines Batches: was nicht hineinpasst, wird verworfen und gezählt.</translation>
    </message>
    <message>
        <source>Top-k without balance collapses</source>
        <translation>Top-k ohne Ausgleich kollabiert</translation>
    </message>
    <message>
        <source>Top-1 routing with nothing that balances it: a few experts take the tokens, the others starve.</source>
        <translation>Top-1-Routing ohne etwas, das ausgleicht: wenige Experten nehmen die Token, die anderen verhungern.</translation>
    </message>
    <message>
        <source>From uniform to one-hot</source>
        <translation>Von gleich verteilt zu einem Experten</translation>
    </message>
    <message>
        <source>One slider moves every token from the centre (all experts alike) to a corner (one expert), and the proven bounds move with it.</source>
        <translation>Ein Regler bewegt jedes Token von der Mitte (alle Experten gleich) in eine Ecke (ein Experte), und die bewiesenen Schranken gehen mit.</translation>
    </message>
    <message>
        <source>Routers learn their experts' geometry</source>
        <translation>Router lernen die Geometrie ihrer Experten</translation>
    </message>
    <message>
        <source>Each router row against each expert's gate rows: the diagonal stands out as both learn from the same tokens.</source>
        <translation>Jede Routerzeile gegen die Gate-Zeilen jedes Experten: die Diagonale tritt hervor, da beide aus denselben Token lernen.</translation>
    </message>
    <message>
        <source>Experts as subspaces</source>
        <translation>Experten als Unterräume</translation>
    </message>
    <message>
        <source>GrMoE's experts are subspaces with spectra: each an ellipsoid in the tokens' space and a point on the Grassmannian.</source>
        <translation>GrMoEs Experten sind Unterräume mit Spektren: jeder ein Ellipsoid im Raum der Token und ein Punkt der Grassmann-Mannigfaltigkeit.</translation>
    </message>
    <message>
        <source>Balance without a loss</source>
        <translation>Ausgleich ohne Verlust</translation>
    </message>
    <message>
        <source>A bias on the choice alone, moved against the load after every step: the gates stay those of the scores.</source>
        <translation>Ein Bias nur auf der Wahl, nach jedem Schritt gegen die Last bewegt: die Gates bleiben die der Punktzahlen.</translation>
    </message>
    <message>
        <source>Routing without a router</source>
        <translation>Routing ohne Router</translation>
    </message>
    <message>
        <source>Online K-Means: an expert's row is the running mean of its own tokens; nothing in the router is trained by gradients.</source>
        <translation>Online K-Means: die Zeile eines Experten ist das laufende Mittel seiner Token; nichts im Router lernt durch Gradienten.</translation>
    </message>
    <message>
        <source>Soft routing: what experts share</source>
        <translation>Weiches Routing: was Experten teilen</translation>
    </message>
    <message>
        <source>Every expert works on every token: their Jacobians and subspaces are compared with what random ones would give.</source>
        <translation>Jeder Experte arbeitet an jedem Token: ihre Jacobi-Matrizen und Unterräume neben dem, was zufällige ergäben.</translation>
    </message>
    <message>
        <source>Sparse routing: what experts share</source>
        <translation>Dünnes Routing: was Experten teilen</translation>
    </message>
    <message>
        <source>The same model with top-2 routing: set it beside the soft preset.</source>
        <translation>Dasselbe Modell mit Top-2-Routing: neben die weiche Vorlage stellen.</translation>
    </message>
    <message>
        <source>A|B: top-k against GrMoE</source>
        <translation>A|B: Top-k gegen GrMoE</translation>
    </message>
    <message>
        <source>Two models from the same seed, text and steps; only the router differs. Loads, gates and losses stand beside each other on the same scales.</source>
        <translation>Zwei Modelle mit gleichem Seed, Text und Schritten; nur der Router ist verschieden. Lasten, Gates und Verluste stehen auf denselben Skalen nebeneinander.</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>Bühne</translation>
    </message>
    <message>
        <source>Explore</source>
        <translation>Erkunden</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>entropy, dark at 0 to bright at log N</source>
        <translation>Entropie, dunkel bei 0 bis hell bei log N</translation>
    </message>
    <message>
        <source>concentration</source>
        <translation>Konzentration</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>cameras</source>
        <translation>Kameras</translation>
    </message>
    <message>
        <source>selection</source>
        <translation>Auswahl</translation>
    </message>
    <message>
        <source>time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>the system's</source>
        <translation>die des Systems</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Of window, views and lessons; another one is a file (docs/languages.md)</source>
        <translation>Von Fenster, Ansichten und Lektionen; eine weitere ist eine Datei (docs/languages.md)</translation>
    </message>
    <message>
        <source>, seed </source>
        <translation>, Seed </translation>
    </message>
    <message>
        <source>, concentration </source>
        <translation>, Konzentration </translation>
    </message>
    <message>
        <source>needs a routing trace of this layer (File, Open trace)</source>
        <translation>braucht einen Routing-Trace dieser Schicht (Datei, Trace öffnen)</translation>
    </message>
    <message>
        <source>&amp;OK</source>
        <translation>&amp;OK</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Yes</source>
        <translation>&amp;Ja</translation>
    </message>
    <message>
        <source>&amp;No</source>
        <translation>&amp;Nein</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Show Details...</source>
        <translation>Einzelheiten…</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>&amp;Ausschneiden</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Look in:</source>
        <translation>Suchen in:</translation>
    </message>
    <message>
        <source>Files of type:</source>
        <translation>Dateityp:</translation>
    </message>
    <message>
        <source>File &amp;name:</source>
        <translation>Datei&amp;name:</translation>
    </message>
    <message>
        <source>Directory:</source>
        <translation>Ordner:</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Öff&amp;nen</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;Choose</source>
        <translation>&amp;Wählen</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>Vor</translation>
    </message>
    <message>
        <source>Parent Directory</source>
        <translation>Übergeordneter Ordner</translation>
    </message>
    <message>
        <source>Create New Folder</source>
        <translation>Neuer Ordner</translation>
    </message>
    <message>
        <source>List View</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Detail View</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Date Modified</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>%1 of them trained beforehand</source>
        <translation>%1 davon vorab trainiert</translation>
    </message>
    <message>
        <source>The model that was trained beforehand is not used, a new one trains: </source>
        <translation>Das vorab trainierte Modell wird nicht verwendet, ein neues trainiert: </translation>
    </message>
    <message>
        <source>English</source>
        <translation>Englisch</translation>
    </message>
    <message>
        <source>German</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Französisch</translation>
    </message>
    <message>
        <source>Italian</source>
        <translation>Italienisch</translation>
    </message>
    <message>
        <source>Dutch</source>
        <translation>Niederländisch</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Russisch</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>Japanisch</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chinesisch</translation>
    </message>
    <message>
        <source>C++</source>
        <translation>C++</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>score: s = </source>
        <translation>Punktzahl: s = </translation>
    </message>
    <message>
        <source>score: s = sum over j of lambda_j (u_j . x)^2 = </source>
        <translation>Punktzahl: s = Summe über j von lambda_j (u_j . x)^2 = </translation>
    </message>
    <message>
        <source>score: s = w . x, the expert's row and the token = </source>
        <translation>Punktzahl: s = w . x, die Zeile des Experten und das Token = </translation>
    </message>
    <message>
        <source>; with the posterior's correction </source>
        <translation>; mit der Korrektur des Posteriors </translation>
    </message>
    <message>
        <source>normaliser: psi = log 1F1(1/2; d/2; </source>
        <translation>Normierer: psi = log 1F1(1/2; d/2; </translation>
    </message>
    <message>
        <source>logit: l = alpha (s</source>
        <translation>Logit: l = alpha (s</translation>
    </message>
    <message>
        <source>logit: l = alpha s</source>
        <translation>Logit: l = alpha s</translation>
    </message>
    <message>
        <source>probability: p = exp(l - l_max) / sum over %1 experts of exp(l - l_max) = </source>
        <translation>Wahrscheinlichkeit: p = exp(l - l_max) / Summe über %1 Experten von exp(l - l_max) = </translation>
    </message>
    <message>
        <source>the router's own rule</source>
        <translation>die eigene Regel des Routers</translation>
    </message>
    <message>
        <source>soft gating</source>
        <translation>weiches Gating</translation>
    </message>
    <message>
        <source>the threshold</source>
        <translation>die Schwelle</translation>
    </message>
    <message>
        <source>applied gate: g = 0, %1 gives this token to no expert</source>
        <translation>angewandtes Gate: g = 0, %1 gibt dieses Token keinem Experten</translation>
    </message>
    <message>
        <source>applied gate: g = 0, %1 gives this token to 1 other expert</source>
        <translation>angewandtes Gate: g = 0, %1 gibt dieses Token 1 anderen Experten</translation>
    </message>
    <message>
        <source>applied gate: g = 0, %1 gives this token to %2 other experts</source>
        <translation>angewandtes Gate: g = 0, %1 gibt dieses Token %2 anderen Experten</translation>
    </message>
    <message>
        <source>applied gate: g = p = </source>
        <translation>angewandtes Gate: g = p = </translation>
    </message>
    <message>
        <source>applied gate: g = p / sum of p over the %1 experts that %2 keeps = </source>
        <translation>angewandtes Gate: g = p / Summe von p über die %1 Experten, die bleiben (%2) = </translation>
    </message>
    <message>
        <source>applied gate: g = %1, %2, not p over the %3 experts that it keeps</source>
        <translation>angewandtes Gate: g = %1, %2, nicht p über die %3 Experten, die bleiben</translation>
    </message>
    <message>
        <source>entropy of the token: H = -sum over e of p log p = </source>
        <translation>Entropie des Tokens: H = -Summe über e von p log p = </translation>
    </message>
    <message>
        <source> nats, of log N = </source>
        <translation> nats, von log N = </translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>layer %1: gates %2</source>
        <translation>Schicht %1: Gates %2</translation>
    </message>
    <message>
        <source>%1 by %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>SYNTHETIC DATA</source>
        <translation>SYNTHETISCHE DATEN</translation>
    </message>
    <message>
        <source>SYNTHETIC TASK</source>
        <translation>SYNTHETISCHE AUFGABE</translation>
    </message>
    <message>
        <source>Open capture</source>
        <translation>Mitschnitt öffnen</translation>
    </message>
    <message>
        <source>Open ca&amp;pture or GGUF file…</source>
        <translation>&amp;Mitschnitt oder GGUF öffnen…</translation>
    </message>
    <message>
        <source>Open a capture of routing, or a GGUF checkpoint</source>
        <translation>Routing-Mitschnitt oder GGUF-Checkpoint öffnen</translation>
    </message>
    <message>
        <source>Captures and GGUF (*.npy *.npz *.json *.jsonl *.csv *.gguf);;All files (*)</source>
        <translation>Mitschnitte und GGUF (*.npy *.npz *.json *.jsonl *.csv *.gguf);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>A capture is shown, which does not train. </source>
        <translation>Ein Mitschnitt ist gezeigt, der nicht trainiert. </translation>
    </message>
    <message>
        <source>no entropy of a capture</source>
        <translation>Mitschnitt: keine Entropie</translation>
    </message>
    <message>
        <source>Layer %1 of a capture: %2 tokens in %3 sequences, %4 of %5 experts a token
load CV %6; no scores and no gates
</source>
        <translation>Schicht %1 eines Mitschnitts: %2 Token in %3 Sequenzen, %4 von %5 Experten je Token
Load CV %6; keine Punktzahlen und keine Gates
</translation>
    </message>
    <message>
        <source>
Expert %1: load %2 % of the assignments (uniform %3 %)
</source>
        <translation>
Experte %1: Last %2 % der Zuordnungen (gleich verteilt %3 %)
</translation>
    </message>
    <message>
        <source>capture</source>
        <translation>Mitschnitt</translation>
    </message>
    <message>
        <source>1 layer, %1 of %2 experts a token</source>
        <translation>1 Schicht, %1 von %2 Experten je Token</translation>
    </message>
    <message>
        <source>%3 layers, %1 of %2 experts a token</source>
        <translation>%3 Schichten, %1 von %2 Experten je Token</translation>
    </message>
    <message>
        <source>Routing: </source>
        <translation>Routing: </translation>
    </message>
    <message>
        <source>a capture tells which experts each token was given, no scores or gates: there is nothing to show here</source>
        <translation>ein Mitschnitt sagt, welche Experten jedes Token bekam, keine Punktzahlen oder Gates: hier ist nichts zu zeigen</translation>
    </message>
    <message>
        <source>, column: expert</source>
        <translation>, Spalte: Experte</translation>
    </message>
    <message>
        <source> by expert</source>
        <translation> × Experte</translation>
    </message>
    <message>
        <source>a token has one expert here: none are chosen together</source>
        <translation>ein Token hat hier einen Experten: keine werden zusammen gewählt</translation>
    </message>
    <message>
        <source>every token has every expert: none go together more than others</source>
        <translation>jedes Token hat jeden Experten: keine gehen mehr zusammen als andere</translation>
    </message>
    <message>
        <source>Co-activation</source>
        <translation>Koaktivierung</translation>
    </message>
    <message>
        <source>% of tokens</source>
        <translation>% der Token</translation>
    </message>
    <message>
        <source>log2 lift</source>
        <translation>log2 Lift</translation>
    </message>
    <message>
        <source>: chosen by %.2f %% of tokens</source>
        <translation>: von %.2f %% der Token gewählt</translation>
    </message>
    <message>
        <source>: both on %.3f %% of tokens, log2 lift</source>
        <translation>: beide an %.3f %% der Token, log2 Lift</translation>
    </message>
    <message>
        <source>; %+.2f if experts were drawn at random</source>
        <translation>; %+.2f bei zufällig gezogenen Experten</translation>
    </message>
    <message>
        <source>tokens of both experts</source>
        <translation>Token beider Experten</translation>
    </message>
    <message>
        <source>log2 lift; drawn at random %+.2f</source>
        <translation>log2 Lift; zufällig gezogen %+.2f</translation>
    </message>
    <message>
        <source>share of tokens that have both experts</source>
        <translation>Anteil der Token, die beide Experten haben</translation>
    </message>
    <message>
        <source>how much more often both serve a token than apart, log2; </source>
        <translation>wie viel öfter beide einem Token dienen als getrennt, log2; </translation>
    </message>
    <message>
        <source>%+.2f if experts were drawn at random</source>
        <translation>%+.2f bei zufällig gezogenen Experten</translation>
    </message>
    <message>
        <source>lift(a, b) = log2 of P(a and b) / (P(a) P(b)), P: share of tokens
</source>
        <translation>Lift(a, b) = log2 von P(a und b) / (P(a) P(b)), P: Anteil der Token
</translation>
    </message>
    <message>
        <source>k = %.3g experts a token</source>
        <translation>k = %.3g Experten je Token</translation>
    </message>
    <message>
        <source> and no token has one twice, so that equally likely choices give log2 of (k - 1) N / (k (N - 1)) = </source>
        <translation> und kein Token hat einen zweimal, sodass gleich wahrscheinliche Wahlen log2 von (k - 1) N / (k (N - 1)) ergeben = </translation>
    </message>
    <message>
        <source>share of the assignments of a capture, of the applied gates of a model</source>
        <translation>Anteil der Zuordnungen eines Mitschnitts, der angewandten Gates eines Modells</translation>
    </message>
    <message>
        <source>share of applied gates on the probe</source>
        <translation>Anteil der angewandten Gates auf der Sonde</translation>
    </message>
    <message>
        <source> A, in percentage points; </source>
        <translation> A, in Prozentpunkten; </translation>
    </message>
    <message>
        <source>applied gate, B </source>
        <translation>angewandtes Gate, B </translation>
    </message>
    <message>
        <source>running means; </source>
        <translation>laufende Mittel; </translation>
    </message>
    <message>
        <source>entropy, B </source>
        <translation>Entropie, B </translation>
    </message>
    <message>
        <source> A; now </source>
        <translation> A; jetzt </translation>
    </message>
    <message>
        <source>now </source>
        <translation>jetzt </translation>
    </message>
    <message>
        <source>a capture tells of no domains: there is nothing to compare</source>
        <translation>ein Mitschnitt sagt nichts von Domänen: es gibt nichts zu vergleichen</translation>
    </message>
    <message>
        <source>these tokens have one domain: there is nothing to compare</source>
        <translation>diese Token haben eine Domäne: es gibt nichts zu vergleichen</translation>
    </message>
    <message>
        <source>Lift of experts by domain</source>
        <translation>Lift der Experten je Domäne</translation>
    </message>
    <message>
        <source>: log2 lift %+.2f</source>
        <translation>: log2 Lift %+.2f</translation>
    </message>
    <message>
        <source>, which cannot vary</source>
        <translation>, das nicht schwanken kann</translation>
    </message>
    <message>
        <source>, p %.3g of the greatest |z| of all cells</source>
        <translation>, p %.3g des größten |z| aller Felder</translation>
    </message>
    <message>
        <source> cells</source>
        <translation> Feldern</translation>
    </message>
    <message>
        <source>log2 P(expert | domain) / P(expert); framed: beyond chance, p &lt; 0.05 corrected for %1 cells, </source>
        <translation>log2 P(Experte | Domäne) / P(Experte); umrahmt: jenseits des Zufalls, p &lt; 0.05 korrigiert für %1 Felder, </translation>
    </message>
    <message>
        <source> permutations)</source>
        <translation> Permutationen)</translation>
    </message>
    <message>
        <source>log2 lift; framed: p &lt; 0.05, </source>
        <translation>log2 Lift; umrahmt: p &lt; 0.05, </translation>
    </message>
    <message>
        <source>log2 lift; framed: p &lt; 0.05</source>
        <translation>log2 Lift; umrahmt: p &lt; 0.05</translation>
    </message>
    <message>
        <source>lift(d, e) = log2 of P(e | d) / P(e), P: share of the assignments
z = (n - E n) / sd n, n: tokens of d that chose e; p: share of permutations in which any cell has as great a |z|
</source>
        <translation>Lift(d, e) = log2 von P(e | d) / P(e), P: Anteil der Zuordnungen
z = (n - E n) / sd n, n: Token von d, die e wählten; p: Anteil der Permutationen, in denen irgendein Feld ein so großes |z| hat
</translation>
    </message>
    <message>
        <source>; |z| above %.2f is beyond chance</source>
        <translation>; |z| über %.2f ist jenseits des Zufalls</translation>
    </message>
    <message>
        <source>load: share of the assignments, in times 1/N</source>
        <translation>Last: Anteil der Zuordnungen, in Vielfachen von 1/N</translation>
    </message>
    <message>
        <source>load, in times 1/N</source>
        <translation>Last, Vielfache von 1/N</translation>
    </message>
    <message>
        <source>1: fewer than a tenth of the mean assignments</source>
        <translation>1: weniger als ein Zehntel der mittleren Zuordnungen</translation>
    </message>
    <message>
        <source>1: under a tenth of the mean load</source>
        <translation>1: unter einem Zehntel der mittleren Last</translation>
    </message>
    <message>
        <source>dead</source>
        <translation>tot</translation>
    </message>
    <message>
        <source>mean entropy of the probabilities of the tokens that chose the expert</source>
        <translation>mittlere Entropie der Wahrscheinlichkeiten der Token, die den Experten wählten</translation>
    </message>
    <message>
        <source>entropy of an expert's tokens</source>
        <translation>Entropie der Token eines Experten</translation>
    </message>
    <message>
        <source>effective experts (exp H) of the tokens that chose the expert, mean</source>
        <translation>effektive Experten (exp H) der Token, die den Experten wählten, Mittel</translation>
    </message>
    <message>
        <source>effective experts of its tokens</source>
        <translation>effektive Experten seiner Token</translation>
    </message>
    <message>
        <source>largest cosine of the expert's router row and another one</source>
        <translation>größter Kosinus der Routerzeile des Experten mit einer anderen</translation>
    </message>
    <message>
        <source>nearest router row, cosine</source>
        <translation>nächste Routerzeile, Kosinus</translation>
    </message>
    <message>
        <source>mean |cos|</source>
        <translation>Mittel |cos|</translation>
    </message>
    <message>
        <source>no layer tells this yet</source>
        <translation>noch keine Schicht sagt das</translation>
    </message>
    <message>
        <source>Layers by experts</source>
        <translation>Schichten und Experten</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>noch nicht gelesen</translation>
    </message>
    <message>
        <source>: this layer has %1 experts</source>
        <translation>: diese Schicht hat %1 Experten</translation>
    </message>
    <message>
        <source>cell (layer, expert): </source>
        <translation>Feld (Schicht, Experte): </translation>
    </message>
    <message>
        <source>
shown layer, </source>
        <translation>
gezeigte Schicht, </translation>
    </message>
    <message>
        <source>this capture has one routed layer: there is no next one</source>
        <translation>dieser Mitschnitt hat eine geleitete Schicht: es gibt keine nächste</translation>
    </message>
    <message>
        <source>this model has one MoE layer: there is no next one</source>
        <translation>dieses Modell hat eine MoE-Schicht: es gibt keine nächste</translation>
    </message>
    <message>
        <source>a checkpoint is read one layer at a time: there are no tokens of the next one here; a capture has all layers</source>
        <translation>ein Checkpoint wird Schicht für Schicht gelesen: Token der nächsten gibt es hier nicht; ein Mitschnitt hat alle Schichten</translation>
    </message>
    <message>
        <source>From layer to layer</source>
        <translation>Von Schicht zu Schicht</translation>
    </message>
    <message>
        <source>expert of layer </source>
        <translation>Experte der Schicht </translation>
    </message>
    <message>
        <source>: %.2f %% of the first's tokens</source>
        <translation>: %.2f %% der Token des ersten</translation>
    </message>
    <message>
        <source>, of all tokens %.2f %%</source>
        <translation>, aller Token %.2f %%</translation>
    </message>
    <message>
        <source>; log2 lift %+.2f</source>
        <translation>; log2 Lift %+.2f</translation>
    </message>
    <message>
        <source>: share of an expert's tokens that have each expert of the next layer</source>
        <translation>: Anteil der Token eines Experten, die jeden Experten der nächsten Schicht haben</translation>
    </message>
    <message>
        <source>: how much more often a token has both than apart, log2</source>
        <translation>: wie viel öfter ein Token beide hat als getrennt, log2</translation>
    </message>
    <message>
        <source>lift(a, b) = log2 of P(a in layer </source>
        <translation>Lift(a, b) = log2 von P(a in Schicht </translation>
    </message>
    <message>
        <source> and b in layer </source>
        <translation> und b in Schicht </translation>
    </message>
    <message>
        <source>) / (P(a) P(b)), P: share of tokens; 0 where the next choice does not depend on this one
</source>
        <translation>) / (P(a) P(b)), P: Anteil der Token; 0, wo die nächste Wahl nicht von dieser abhängt
</translation>
    </message>
    <message>
        <source>largest: %+.3f</source>
        <translation>größtes: %+.3f</translation>
    </message>
    <message>
        <source>Load along the tokens</source>
        <translation>Last entlang der Token</translation>
    </message>
    <message>
        <source>first token</source>
        <translation>erstes Token</translation>
    </message>
    <message>
        <source>, tokens </source>
        <translation>, Token </translation>
    </message>
    <message>
        <source>: %.2f %% of the assignments</source>
        <translation>: %.2f %% der Zuordnungen</translation>
    </message>
    <message>
        <source>, %.2f times the uniform share</source>
        <translation>, %.2f mal der gleiche Anteil</translation>
    </message>
    <message>
        <source>%.0f tokens</source>
        <translation>%.0f Token</translation>
    </message>
    <message>
        <source> in %.0f stretches</source>
        <translation> in %.0f Abschnitten</translation>
    </message>
    <message>
        <source>load of each stretch, in times 1/N; </source>
        <translation>Last jedes Abschnitts, Vielfache von 1/N; </translation>
    </message>
    <message>
        <source>load(s, e) = assignments to e in stretch s / all assignments in it; uniform: 1 / N = </source>
        <translation>Last(s, e) = Zuordnungen zu e in Abschnitt s / alle Zuordnungen darin; gleich verteilt: 1 / N = </translation>
    </message>
    <message>
        <source>
greatest: %.2f %%</source>
        <translation>
größte: %.2f %%</translation>
    </message>
    <message>
        <source>captured assignments</source>
        <translation>mitgeschnittene Zuordnungen</translation>
    </message>
    <message>
        <source>share of the </source>
        <translation>Anteil je Experte, </translation>
    </message>
    <message>
        <source>: load %.2f %% of </source>
        <translation>: Last %.2f %%, </translation>
    </message>
    <message>
        <source>load(e) = assignments to e / all assignments of the capture</source>
        <translation>Last(e) = Zuordnungen zu e / alle Zuordnungen des Mitschnitts</translation>
    </message>
    <message>
        <source>load(e) = mean over the probe's tokens of g(t, e)</source>
        <translation>Last(e) = Mittel über die Token der Sonde von g(t, e)</translation>
    </message>
    <message>
        <source>; dashed: uniform, 1 / N = </source>
        <translation>; gestrichelt: gleich verteilt, 1 / N = </translation>
    </message>
    <message>
        <source>which experts an engine gave its tokens, from a file; no weights, scores or gates</source>
        <translation>welche Experten eine Engine ihren Token gab, aus einer Datei; keine Gewichte, Punktzahlen oder Gates</translation>
    </message>
    <message>
        <source>Pearson</source>
        <translation>Pearson</translation>
    </message>
    <message>
        <source>gate 0</source>
        <translation>Gate 0</translation>
    </message>
    <message>
        <source>layer %1 of this capture is not routed: every token carries the same id %2 times</source>
        <translation>Schicht %1 dieses Mitschnitts ist nicht geleitet: jedes Token trägt %2-mal dieselbe Nummer</translation>
    </message>
    <message>
        <source>Which experts serve the same token more or less often than independent choices would have it</source>
        <translation>Welche Experten demselben Token öfter oder seltener dienen, als unabhängige Wahlen es ergäben</translation>
    </message>
    <message>
        <source>How often two experts serve one token</source>
        <translation>Wie oft zwei Experten einem Token dienen</translation>
    </message>
    <message>
        <source>log2 lift over independent choices</source>
        <translation>log2 Lift über unabhängigen Wahlen</translation>
    </message>
    <message>
        <source>log2 of P(a and b) / (P(a) P(b))</source>
        <translation>log2 von P(a und b) / (P(a) P(b))</translation>
    </message>
    <message>
        <source>share of tokens</source>
        <translation>Anteil der Token</translation>
    </message>
    <message>
        <source>Of all tokens, those that have both</source>
        <translation>Von allen Token die, die beide haben</translation>
    </message>
    <message>
        <source>How often two experts serve the same token of the shown layer, against what independent choices with the same loads would give.</source>
        <translation>Wie oft zwei Experten demselben Token der gezeigten Schicht dienen, gegen das, was unabhängige Wahlen mit gleichen Lasten ergäben.</translation>
    </message>
    <message>
        <source>Orange pairs work as a team, blue ones stand in for each other. Experts that are always together could be one.</source>
        <translation>Orange Paare arbeiten zusammen, blaue vertreten einander. Experten, die immer zusammen sind, könnten einer sein.</translation>
    </message>
    <message>
        <source>Which experts a domain uses more or less than all tokens do, and which of that is beyond chance</source>
        <translation>Welche Experten eine Domäne mehr oder weniger benutzt als alle Token, und was davon jenseits des Zufalls ist</translation>
    </message>
    <message>
        <source>How much more often than over all tokens a domain's tokens choose each expert of the shown layer, on a logarithmic scale: +1 is twice as often.</source>
        <translation>Wie viel öfter als über alle Token die Token einer Domäne jeden Experten der gezeigten Schicht wählen, auf logarithmischer Skala: +1 ist doppelt so oft.</translation>
    </message>
    <message>
        <source>Framed cells are beyond chance, tested all together: runs of tokens get each other's domains, and a cell counts where hardly any such difference comes of that alone.</source>
        <translation>Umrahmte Felder sind jenseits des Zufalls, alle zusammen geprüft: Läufe von Token bekommen die Domänen voneinander, und ein Feld zählt, wo davon allein kaum je ein solcher Unterschied kommt.</translation>
    </message>
    <message>
        <source>Every layer at once: load, dead experts, entropy, effective experts or router similarity of each expert</source>
        <translation>Alle Schichten zugleich: Last, tote Experten, Entropie, effektive Experten oder Ähnlichkeit der Router jedes Experten</translation>
    </message>
    <message>
        <source>What the colours are</source>
        <translation>Was die Farben sind</translation>
    </message>
    <message>
        <source>Share of the assignments, in times 1/N</source>
        <translation>Anteil der Zuordnungen, in Vielfachen von 1/N</translation>
    </message>
    <message>
        <source>dead experts</source>
        <translation>tote Experten</translation>
    </message>
    <message>
        <source>Fewer than a tenth of the mean assignments</source>
        <translation>Weniger als ein Zehntel der mittleren Zuordnungen</translation>
    </message>
    <message>
        <source>Mean entropy of the tokens that chose the expert</source>
        <translation>Mittlere Entropie der Token, die den Experten wählten</translation>
    </message>
    <message>
        <source>Mean exp H of the tokens that chose the expert</source>
        <translation>Mittleres exp H der Token, die den Experten wählten</translation>
    </message>
    <message>
        <source>router similarity</source>
        <translation>Ähnlichkeit der Router</translation>
    </message>
    <message>
        <source>Largest cosine of two router rows</source>
        <translation>Größter Kosinus zweier Routerzeilen</translation>
    </message>
    <message>
        <source>A row for each MoE layer, a column for each expert, one quantity as colour; the shown layer is framed. Experts of different layers have nothing in common but the number.</source>
        <translation>Eine Zeile je MoE-Schicht, eine Spalte je Experte, eine Größe als Farbe; die gezeigte Schicht ist umrahmt. Experten verschiedener Schichten haben nichts gemeinsam als die Nummer.</translation>
    </message>
    <message>
        <source>Dark columns in one row: experts that this layer does not use. Balance and entropy often change from the first layers to the last.</source>
        <translation>Dunkle Felder in einer Zeile: Experten, die diese Schicht nicht benutzt. Ausgleich und Entropie ändern sich oft von den ersten Schichten zu den letzten.</translation>
    </message>
    <message>
        <source>What a token's expert in one layer says of its experts in the next</source>
        <translation>Was der Experte eines Tokens in einer Schicht über seine Experten in der nächsten sagt</translation>
    </message>
    <message>
        <source>How the experts of two layers follow each other</source>
        <translation>Wie die Experten zweier Schichten aufeinander folgen</translation>
    </message>
    <message>
        <source>share of the expert's tokens</source>
        <translation>Anteil der Token des Experten</translation>
    </message>
    <message>
        <source>P(b in the next layer | a in this one)</source>
        <translation>P(b in der nächsten Schicht | a in dieser)</translation>
    </message>
    <message>
        <source>Rows are experts of one layer, columns experts of the next: how much more often a token has both than if the two layers chose independently.</source>
        <translation>Zeilen sind Experten einer Schicht, Spalten Experten der nächsten: wie viel öfter ein Token beide hat, als wenn die zwei Schichten unabhängig wählten.</translation>
    </message>
    <message>
        <source>Orange cells are paths that tokens take together through the layers; a map of one colour says that the layers choose independently.</source>
        <translation>Orange Felder sind Wege, die Token zusammen durch die Schichten nehmen; eine Karte in einer Farbe sagt, dass die Schichten unabhängig wählen.</translation>
    </message>
    <message>
        <source>Share of the assignments of each expert in stretches of tokens, in the order in which they came</source>
        <translation>Anteil der Zuordnungen jedes Experten in Abschnitten von Token, in der Reihenfolge, in der sie kamen</translation>
    </message>
    <message>
        <source>The tokens in their order, cut into stretches of equal length: the share of each stretch's assignments that every expert got.</source>
        <translation>Die Token in ihrer Reihenfolge, in gleich lange Abschnitte geteilt: der Anteil der Zuordnungen jedes Abschnitts, den jeder Experte bekam.</translation>
    </message>
    <message>
        <source>Rows that look alike: loads do not depend on the text. Blocks of colour: experts that serve one part of it, as a prompt or a language.</source>
        <translation>Zeilen, die gleich aussehen: die Lasten hängen nicht vom Text ab. Farbige Blöcke: Experten, die einem Teil davon dienen, etwa einem Prompt oder einer Sprache.</translation>
    </message>
    <message>
        <source>Margin of the choice</source>
        <translation>Abstand der Wahl</translation>
    </message>
    <message>
        <source>mean over tokens: least of what the router's own rule ranks by among the chosen experts, less the greatest among the others; bias included</source>
        <translation>Mittel über Token: das Kleinste, wonach die eigene Regel des Routers ordnet, unter den gewählten Experten, weniger dem Größten unter den anderen; mit Bias</translation>
    </message>
    <message>
        <source>Choices shared without bias</source>
        <translation>Gleiche Wahl ohne Bias</translation>
    </message>
    <message>
        <source>1 = same</source>
        <translation>1 = gleich</translation>
    </message>
    <message>
        <source>mean over tokens of |A and B| / |A or B|: experts that the router's own rule chooses with and without the bias that counts for the choice only</source>
        <translation>Mittel über Token von |A und B| / |A oder B|: Experten, die die eigene Regel des Routers mit und ohne den Bias wählt, der nur für die Wahl zählt</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>load</source>
        <translation>Last</translation>
    </message>
    <message>
        <source>the GPU failed (%1): training goes on on the CPU</source>
        <translation>die GPU hat versagt (%1): das Training geht auf der CPU weiter</translation>
    </message>
    <message>
        <source>the GPU cannot be used (%1): trains on the CPU</source>
        <translation>die GPU lässt sich nicht benutzen (%1): trainiert wird auf der CPU</translation>
    </message>
    <message>
        <source>the GPU failed after step %1 (%2): training goes on on the CPU</source>
        <translation>die GPU hat nach Schritt %1 versagt (%2): das Training geht auf der CPU weiter</translation>
    </message>
    <message>
        <source>the GPU failed after step %1 (%2), and the model was lost with it</source>
        <translation>die GPU hat nach Schritt %1 versagt (%2), und mit ihr ging das Modell verloren</translation>
    </message>
    <message>
        <source>the GPU has too little memory: training goes on on the CPU</source>
        <translation>die GPU hat zu wenig Speicher: das Training geht auf der CPU weiter</translation>
    </message>
    <message>
        <source>loading the corpus and building the model</source>
        <translation>lädt den Korpus und baut das Modell</translation>
    </message>
    <message>
        <source>of %1 of %2 tokens, evenly spaced</source>
        <translation>von %1 der %2 Token, in gleichem Abstand</translation>
    </message>
    <message>
        <source>%1 tokens drawn, means and loads of %2</source>
        <translation>%1 Token gezeichnet, Mittel und Last von %2</translation>
    </message>
    <message>
        <source>Numbers: %1.</source>
        <translation>Zahlen: %1.</translation>
    </message>
    <message>
        <source>one of %1 pairs</source>
        <translation>eines von %1 Paaren</translation>
    </message>
    <message>
        <source>1 of %1 pairs</source>
        <translation>1 von %1 Paaren</translation>
    </message>
    <message>
        <source>While training an assignment of equal loads over the batch chooses; the probe, and every concentration here, has plain top-k, as this router has outside training.</source>
        <translation>Im Training wählt eine Zuordnung mit gleicher Last über den Batch; die Sonde hat hier, bei jeder Konzentration, einfaches Top-k, wie dieser Router außerhalb des Trainings.</translation>
    </message>
    <message>
        <source>Nothing is routed: every expert has the same gate at every concentration.</source>
        <translation>Nichts wird geroutet: bei jeder Konzentration hat jeder Experte dasselbe Gate.</translation>
    </message>
    <message>
        <source>Experts choose tokens: at each concentration every expert takes its best tokens of the whole probe by the tempered probabilities, always the same number of them, so that no token is sure of an expert.</source>
        <translation>Experten wählen Token: bei jeder Konzentration nimmt jeder Experte nach den temperierten Wahrscheinlichkeiten seine besten Token der ganzen Sonde, immer gleich viele; keinem Token ist ein Experte sicher.</translation>
    </message>
    <message>
        <source>A hash table chooses, with equal gates: the concentration changes the probabilities and what other gating policies make of them, not the gates as trained.</source>
        <translation>Eine Hashtabelle wählt, mit gleichen Gates: die Konzentration ändert die Wahrscheinlichkeiten und was andere Gating-Regeln daraus machen, nicht die Gates wie trainiert.</translation>
    </message>
    <message>
        <source>ReLU gates know no concentration: beside 1 each token keeps its active experts and the sum of their gates, which the slider shares out among them, evenly at 0 and to the largest alone far to the right.</source>
        <translation>ReLU-Gates kennen keine Konzentration: außer bei 1 behält jedes Token seine aktiven Experten und die Summe ihrer Gates, die der Regler unter ihnen verteilt, bei 0 gleichmäßig, weit rechts ganz an das größte.</translation>
    </message>
    <message>
        <source>While training a plan of equal loads over the batch chooses; the probe, and every concentration here, has plain top-k, as this router has outside training.</source>
        <translation>Im Training wählt ein Plan mit gleicher Last über den Batch; die Sonde hat hier, bei jeder Konzentration, einfaches Top-k, wie dieser Router außerhalb des Trainings.</translation>
    </message>
    <message>
        <source>%1 permutations of %2 runs of %3 tokens, the greatest |z| of %4 tests</source>
        <translation>%1 Permutationen von %2 Folgen zu %3 Token, größtes |z| von %4 Tests</translation>
    </message>
    <message>
        <source>%1 permutations of %2 tokens, the greatest |z| of %3 tests</source>
        <translation>%1 Permutationen von %2 Token, größtes |z| von %3 Tests</translation>
    </message>
    <message>
        <source>left out: singular values of Jacobians of so many or so wide experts take too long here</source>
        <translation>weggelassen: Singulärwerte der Jacobi-Matrizen so vieler oder so breiter Experten dauern hier zu lang</translation>
    </message>
    <message>
        <source>was not measured when this was recorded</source>
        <translation>wurde bei der Aufnahme nicht gemessen</translation>
    </message>
    <message>
        <source>σ₁ %.3g</source>
        <translation>σ₁ %.3g</translation>
    </message>
    <message>
        <source>, effective rank %.2f</source>
        <translation>, effektiver Rang %.2f</translation>
    </message>
    <message>
        <source>effective rank %.2f</source>
        <translation>effektiver Rang %.2f</translation>
    </message>
    <message>
        <source>Jacobian spectra</source>
        <translation>Jacobi-Spektren</translation>
    </message>
    <message>
        <source>%1 of %2 experts left out: Jacobian 0 or not finite</source>
        <translation>%1 von %2 Experten weggelassen: Jacobi-Matrix 0 oder nicht endlich</translation>
    </message>
    <message>
        <source>an expert: </source>
        <translation>ein Experte: </translation>
    </message>
    <message>
        <source>; the layer: </source>
        <translation>; die Schicht: </translation>
    </message>
    <message>
        <source> of %1</source>
        <translation> von %1</translation>
    </message>
    <message>
        <source>means over %1 tokens</source>
        <translation>Mittel über %1 Token</translation>
    </message>
    <message>
        <source>mean over the experts</source>
        <translation>Mittel der Experten</translation>
    </message>
    <message>
        <source>the layer, gates held</source>
        <translation>die Schicht, Gates fest</translation>
    </message>
    <message>
        <source>dashed: the layer, gates held</source>
        <translation>gestrichelt: die Schicht, Gates fest</translation>
    </message>
    <message>
        <source>dashed: layer</source>
        <translation>gestrichelt: Schicht</translation>
    </message>
    <message>
        <source>number i of the singular value</source>
        <translation>Nummer i des Singulärwerts</translation>
    </message>
    <message>
        <source>σᵢ / σ₁</source>
        <translation>σᵢ / σ₁</translation>
    </message>
    <message>
        <source>: singular value %.0f</source>
        <translation>: Singulärwert %.0f</translation>
    </message>
    <message>
        <source> is %.3f of the largest</source>
        <translation> ist das %.3f-fache des größten</translation>
    </message>
    <message>
        <source>largest singular value σ₁</source>
        <translation>größter Singulärwert σ₁</translation>
    </message>
    <message>
        <source>effective rank</source>
        <translation>effektiver Rang</translation>
    </message>
    <message>
        <source>rank</source>
        <translation>Rang</translation>
    </message>
    <message>
        <source>mean over %1 Jacobians that are not 0</source>
        <translation>Mittel über %1 Jacobi-Matrizen, die nicht 0 sind</translation>
    </message>
    <message>
        <source>J(e) = dE/dh of an expert at a token, σ₁ ≥ σ₂ ≥ ... its singular values; of the layer: sum over e of g(t, e) J(e), gates g held
effective rank = exp(- sum p log p), p = σᵢ² / |J|², from 1 to </source>
        <translation>J(e) = dE/dh eines Experten an einem Token, σ₁ ≥ σ₂ ≥ ... seine Singulärwerte; der Schicht: Summe über e von g(t, e) J(e), Gates g fest
effektiver Rang = exp(- Summe p log p), p = σᵢ² / |J|², von 1 bis </translation>
    </message>
    <message>
        <source> (Roy and Vetterli)
Mean over the experts: </source>
        <translation> (Roy und Vetterli)
Mittel der Experten: </translation>
    </message>
    <message>
        <source>, σ₁² / |J|² %.3f</source>
        <translation>, σ₁² / |J|² %.3f</translation>
    </message>
    <message>
        <source>
The layer: </source>
        <translation>
Die Schicht: </translation>
    </message>
    <message>
        <source>
Tokens, evenly spaced over the probe: </source>
        <translation>
Token, gleichmäßig über die Sonde verteilt: </translation>
    </message>
    <message>
        <source>Singular values of the experts' Jacobians: how far an expert stretches, and in how many directions</source>
        <translation>Singulärwerte der Jacobi-Matrizen der Experten: wie weit ein Experte streckt, und in wie vielen Richtungen</translation>
    </message>
    <message>
        <source>What an expert does to small changes of a token: the singular values of its Jacobian, each over the largest, beside those of the layer as a whole.</source>
        <translation>Was ein Experte mit kleinen Änderungen eines Tokens macht: die Singulärwerte seiner Jacobi-Matrix, jeder durch den größten geteilt, neben denen der ganzen Schicht.</translation>
    </message>
    <message>
        <source>A line that falls fast, and a low effective rank: an expert that acts along few directions. The layer above or below its experts: how routing adds them up.</source>
        <translation>Eine Linie, die schnell fällt, und ein niedriger effektiver Rang: ein Experte, der in wenigen Richtungen wirkt. Die Schicht über oder unter ihren Experten: wie das Routing sie zusammenzählt.</translation>
    </message>
    <message>
        <source>source.capture must be there for a checkpoint only</source>
        <translation>source.capture darf nur bei einem Checkpoint dastehen</translation>
    </message>
    <message>
        <source>source.capture.experts must be 0 (as the file tells) to %1</source>
        <translation>source.capture.experts muss von 0 (wie die Datei sagt) bis %1 gehen</translation>
    </message>
    <message>
        <source>source.capture: tokens, layers and chosen must be 0 (as the file tells) to %1</source>
        <translation>source.capture: tokens, layers und chosen müssen von 0 (wie die Datei sagt) bis %1 gehen</translation>
    </message>
    <message>
        <source>source.capture.dtype must be an integer type such as int32 or uint8</source>
        <translation>source.capture.dtype muss ein ganzzahliger Typ wie int32 oder uint8 sein</translation>
    </message>
    <message>
        <source>, without identical rows</source>
        <translation>, ohne gleiche Zeilen</translation>
    </message>
    <message>
        <source>Leave out identical rows</source>
        <translation>Gleiche Zeilen auslassen</translation>
    </message>
    <message>
        <source>Count identical rows</source>
        <translation>Gleiche Zeilen mitzählen</translation>
    </message>
    <message>
        <source>Shape of the capture</source>
        <translation>Form des Mitschnitts</translation>
    </message>
    <message>
        <source>Type of the ids</source>
        <translation>Typ der Nummern</translation>
    </message>
    <message>
        <source>dtype of the array that the engine encoded; only types whose ids are possible stand here</source>
        <translation>dtype des Arrays, das die Engine kodiert hat; hier stehen nur Typen, deren Nummern möglich sind</translation>
    </message>
    <message>
        <source>This capture holds expert ids in a row, ordered by token, layer and rank. Its file does not tell of which type its numbers are.</source>
        <translation>Dieser Mitschnitt hält Expertennummern in einer Reihe, geordnet nach Token, Schicht und Rang. Seine Datei sagt nicht, von welchem Typ ihre Zahlen sind.</translation>
    </message>
    <message>
        <source>Experts a token (k)</source>
        <translation>Experten je Token (k)</translation>
    </message>
    <message>
        <source>Experts of a layer (N)</source>
        <translation>Experten einer Schicht (N)</translation>
    </message>
    <message>
        <source>largest id + 1</source>
        <translation>größte Nummer + 1</translation>
    </message>
    <message>
        <source>num_hidden_layers in the model's config.json; some engines leave out the layers without a router</source>
        <translation>num_hidden_layers in config.json des Modells; manche Engines lassen Schichten ohne Router weg</translation>
    </message>
    <message>
        <source>num_experts_per_tok in the model's config.json</source>
        <translation>num_experts_per_tok in config.json des Modells</translation>
    </message>
    <message>
        <source>This capture holds expert ids in a row, ordered by token, layer and rank. Its file does not tell how many layers and experts a token there are.</source>
        <translation>Dieser Mitschnitt enthält Expertennummern hintereinander, geordnet nach Token, Schicht und Rang. Seine Datei sagt nicht, wie viele Schichten und Experten je Token es sind.</translation>
    </message>
    <message>
        <source>Proposed: the k for which no token has one expert twice, and the layers whose loads differ most.</source>
        <translation>Vorschlag: das k, bei dem kein Token einen Experten doppelt hat, und die Schichten, deren Lasten sich am meisten unterscheiden.</translation>
    </message>
    <message>
        <source>Proposed: the k for which no token has one expert twice. The ids do not tell the layers: the model's config.json does.</source>
        <translation>Vorschlag: das k, bei dem kein Token einen Experten doppelt hat. Die Schichten verraten die Nummern nicht: das tut config.json des Modells.</translation>
    </message>
    <message>
        <source>%1 ids: %2 tokens</source>
        <translation>%1 Nummern: %2 Token</translation>
    </message>
    <message>
        <source>%1 ids are no whole number of tokens of %2 ids each</source>
        <translation>%1 Nummern sind keine ganze Zahl von Token zu je %2 Nummern</translation>
    </message>
    <message>
        <source>%1, numbered %2 to %3</source>
        <translation>%1, mit den Nummern %2 bis %3</translation>
    </message>
    <message>
        <source>%1, of which a token has %2</source>
        <translation>%1, davon je Token %2</translation>
    </message>
    <message>
        <source>; width %1</source>
        <translation>; Breite %1</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>What was opened</source>
        <translation>Was geöffnet wurde</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>Familie</translation>
    </message>
    <message>
        <source>The model's family, as its config.json calls it</source>
        <translation>Die Familie des Modells, wie seine config.json sie nennt</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Of the file, and of the numbers in it, those of most bytes first</source>
        <translation>Der Datei und der Zahlen darin, die mit den meisten Bytes zuerst</translation>
    </message>
    <message>
        <source>Those that have a router, with the model's own numbers</source>
        <translation>Die mit einem Router, mit den Nummern des Modells</translation>
    </message>
    <message>
        <source>Routed experts of the shown layer, and how many of them a token gets</source>
        <translation>Geroutete Experten der gezeigten Schicht, und wie viele davon ein Token bekommt</translation>
    </message>
    <message>
        <source>How experts are chosen, and what the shown probabilities are</source>
        <translation>Wie Experten gewählt werden, und was die gezeigten Wahrscheinlichkeiten sind</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Which tokens the numbers are of</source>
        <translation>Von welchen Token die Zahlen sind</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Hinweise</translation>
    </message>
    <message>
        <source>What was not read, is missing, repeated, padded, not finite, assumed or contradicting</source>
        <translation>Was nicht gelesen wurde, fehlt, sich wiederholt, aufgefüllt, nicht endlich, angenommen oder widersprüchlich ist</translation>
    </message>
    <message>
        <source>Capture</source>
        <translation>Mitschnitt</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Checkpoint</translation>
    </message>
    <message>
        <source>Padding, and all but the first of other tokens in a row whose experts are the same in every layer: %1 tokens</source>
        <translation>Auffüllung, und von anderen Token hintereinander mit gleichen Experten in jeder Schicht alle bis auf das erste: %1 Token</translation>
    </message>
    <message>
        <source>a capture tells which experts a token was given, not its text: there are no tokens to show</source>
        <translation>ein Mitschnitt sagt, welche Experten ein Token bekam, nicht seinen Text: es gibt keine Token zu zeigen</translation>
    </message>
    <message>
        <source>without %1 tokens of identical rows</source>
        <translation>ohne %1 Token gleicher Zeilen</translation>
    </message>
    <message>
        <source>without %1 of padding</source>
        <translation>ohne %1 der Auffüllung</translation>
    </message>
    <message>
        <source>%1 repeated tokens counted once</source>
        <translation>%1 wiederholte Token einmal gezählt</translation>
    </message>
    <message>
        <source>%1 IDENTICAL ROWS</source>
        <translation>%1 GLEICHE ZEILEN</translation>
    </message>
    <message>
        <source>what having the expert tells of the experts of the next layer, in bits</source>
        <translation>was der Experte über die Experten der nächsten Schicht sagt, in Bit</translation>
    </message>
    <message>
        <source>told of the next layer, bits</source>
        <translation>über die nächste Schicht gesagt, Bit</translation>
    </message>
    <message>
        <source>bits</source>
        <translation>Bit</translation>
    </message>
    <message>
        <source>largest log2 lift of the expert over the domains; framed: beyond chance, p &lt; 0.05 corrected for all cells of all layers</source>
        <translation>größter log2-Lift des Experten über die Domänen; umrahmt: jenseits des Zufalls, p &lt; 0.05 korrigiert für alle Felder aller Schichten</translation>
    </message>
    <message>
        <source>largest lift over domains, log2; framed: p &lt; 0.05</source>
        <translation>größter Lift über Domänen, log2; umrahmt: p &lt; 0.05</translation>
    </message>
    <message>
        <source>framed</source>
        <translation>umrahmt</translation>
    </message>
    <message>
        <source>length of the shared expert's output over that of the routed sum, mean of the tokens that chose the expert</source>
        <translation>Länge der Ausgabe des gemeinsamen Experten durch die der gerouteten Summe, Mittel der Token, die den Experten wählten</translation>
    </message>
    <message>
        <source>shared over routed output</source>
        <translation>gemeinsame durch geroutete Ausgabe</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>Verhältnis</translation>
    </message>
    <message>
        <source>the layers do not have the same recorded tokens: nothing is known of the next one</source>
        <translation>die Schichten haben nicht die gleichen aufgezeichneten Token: von der nächsten ist nichts bekannt</translation>
    </message>
    <message>
        <source>this model has no shared experts</source>
        <translation>dieses Modell hat keine gemeinsamen Experten</translation>
    </message>
    <message>
        <source>this checkpoint has no shared experts, or no recorded tokens to compare them on</source>
        <translation>dieser Checkpoint hat keine gemeinsamen Experten oder keine aufgezeichneten Token zum Vergleich</translation>
    </message>
    <message>
        <source>; of independent choices about </source>
        <translation>; bei unabhängiger Wahl etwa </translation>
    </message>
    <message>
        <source>, of %1 tokens</source>
        <translation>, von %1 Token</translation>
    </message>
    <message>
        <source>the next layer is not read yet</source>
        <translation>die nächste Schicht ist noch nicht gelesen</translation>
    </message>
    <message>
        <source>told of the next layer</source>
        <translation>sagt über die nächste Schicht</translation>
    </message>
    <message>
        <source>Bits that having the expert tells of the experts of the next layer</source>
        <translation>Bit, die der Experte über die Experten der nächsten Schicht sagt</translation>
    </message>
    <message>
        <source>lift over domains</source>
        <translation>Lift über Domänen</translation>
    </message>
    <message>
        <source>Largest log2 of P(expert | domain) / P(expert), all layers tested together</source>
        <translation>Größtes log2 von P(Experte | Domäne) / P(Experte), alle Schichten zusammen geprüft</translation>
    </message>
    <message>
        <source>How much a checkpoint's shared expert adds; reads all its experts</source>
        <translation>Wie viel der gemeinsame Experte eines Checkpoints beiträgt; liest alle seine Experten</translation>
    </message>
    <message>
        <source>Every layer at once: load, dead experts, entropy, effective experts, router similarity, what follows, lift over domains or shared output of each expert</source>
        <translation>Jede Schicht auf einmal: Last, tote Experten, Entropie, wirksame Experten, Routerähnlichkeit, was folgt, Lift über Domänen oder gemeinsame Ausgabe jedes Experten</translation>
    </message>
    <message>
        <source>%1: base64 does not tell its shape; expected --capture-shape LAYERS,K</source>
        <translation>%1: base64 sagt seine Form nicht; erwartet --capture-shape LAYERS,K</translation>
    </message>
    <message>
        <source>%1: %2 ids do not fill shape %3</source>
        <translation>%1: %2 Nummern füllen die Form %3 nicht</translation>
    </message>
    <message>
        <source>%1 left out</source>
        <translation>%1 ausgelassen</translation>
    </message>
    <message>
        <source>Padding, and rows that an engine repeats: left out of loads, co-activation, transitions and lift</source>
        <translation>Auffüllung und Zeilen, die eine Engine wiederholt: ausgelassen aus Lasten, Koaktivierung, Übergängen und Lift</translation>
    </message>
    <message>
        <source>top %1 of %2 experts</source>
        <translation>die besten %1 von %2 Experten</translation>
    </message>
    <message>
        <source>, from the best %1 of %2 groups</source>
        <translation>, aus den besten %1 von %2 Gruppen</translation>
    </message>
    <message>
        <source>, with a bias of the logits (%1)</source>
        <translation>, mit einem Bias der Logits (%1)</translation>
    </message>
    <message>
        <source>, with a bias that counts for the choice only (%1)</source>
        <translation>, mit einem Bias, der nur für die Wahl zählt (%1)</translation>
    </message>
    <message>
        <source>, weights on the experts' inputs</source>
        <translation>, Gewichte auf den Eingaben der Experten</translation>
    </message>
    <message>
        <source>. Probabilities: softmax over all experts.</source>
        <translation>. Wahrscheinlichkeiten: Softmax über alle Experten.</translation>
    </message>
    <message>
        <source>. Probabilities: square roots of softplus, scaled to sum 1.</source>
        <translation>. Wahrscheinlichkeiten: Wurzeln von Softplus, auf Summe 1 gebracht.</translation>
    </message>
    <message>
        <source>. Probabilities: sigmoid scores, scaled to sum 1.</source>
        <translation>. Wahrscheinlichkeiten: Sigmoid-Scores, auf Summe 1 gebracht.</translation>
    </message>
    <message>
        <source>SYNTHETIC TOKENS (not in the trace)</source>
        <translation>SYNTHETISCHE TOKEN (nicht im Trace)</translation>
    </message>
    <message>
        <source>SYNTHETIC TOKENS (no trace)</source>
        <translation>SYNTHETISCHE TOKEN (kein Trace)</translation>
    </message>
    <message>
        <source>recorded trace, %1 of %2 tokens</source>
        <translation>aufgezeichneter Trace, %1 von %2 Token</translation>
    </message>
    <message>
        <source>recorded trace, %1 tokens</source>
        <translation>aufgezeichneter Trace, %1 Token</translation>
    </message>
    <message>
        <source>At concentration 1 the experts are those that the trace recorded</source>
        <translation>Bei Konzentration 1 sind es die Experten, die der Trace nennt</translation>
    </message>
    <message>
        <source>At concentration 1 the gates are those of the family's rule</source>
        <translation>Bei Konzentration 1 gelten die Gates der Regel der Familie</translation>
    </message>
    <message>
        <source>; elsewhere they stay so, since this rule does not apply to tempered scores.</source>
        <translation>; sonst bleiben sie so, denn diese Regel gilt nicht für veränderte Scores.</translation>
    </message>
    <message>
        <source>; elsewhere the rule chooses anew by tempered scores</source>
        <translation>; sonst wählt die Regel neu nach veränderten Scores</translation>
    </message>
    <message>
        <source>, each to the power of the concentration</source>
        <translation>, jeder hoch die Konzentration</translation>
    </message>
    <message>
        <source>, with the same bias</source>
        <translation>, mit demselben Bias</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>nicht gelesen</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>not finite</source>
        <translation>nicht endlich</translation>
    </message>
    <message>
        <source>repeated</source>
        <translation>wiederholt</translation>
    </message>
    <message>
        <source>padded</source>
        <translation>aufgefüllt</translation>
    </message>
    <message>
        <source>assumed</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>%1: not JSON at byte %2 (line %3): %4</source>
        <translation>%1: kein JSON bei Byte %2 (Zeile %3): %4</translation>
    </message>
    <message>
        <source>%1: expected a JSON object</source>
        <translation>%1: erwartet ein JSON-Objekt</translation>
    </message>
    <message>
        <source>what our router gives</source>
        <translation>was unser Router ergibt</translation>
    </message>
    <message>
        <source>what the family's rule gives of router_logits</source>
        <translation>was die Regel der Familie aus router_logits ergibt</translation>
    </message>
    <message>
        <source>layer %1: router_logits of the trace are not what the checkpoint's router gives of the trace's hidden states: up to %2 apart, other experts at %3 of %4 tokens (%5 %)</source>
        <translation>Schicht %1: router_logits des Trace sind nicht, was der Router des Checkpoints aus den verborgenen Zuständen des Trace ergibt: bis zu %2 auseinander, andere Experten bei %3 von %4 Tokens (%5 %)</translation>
    </message>
    <message>
        <source>%1; entropies and scores are of the trace's logits and choices of its expert_ids, router rows and couplings of the checkpoint</source>
        <translation>%1; Entropien und Werte sind von den Logits des Trace und Wahlen von seinen expert_ids, Routerzeilen und Kopplungen vom Checkpoint</translation>
    </message>
    <message>
        <source>%1; entropies, scores, choices and loads are of the trace's logits, router rows and couplings of the checkpoint</source>
        <translation>%1; Entropien, Werte, Wahlen und Lasten sind von den Logits des Trace, Routerzeilen und Kopplungen vom Checkpoint</translation>
    </message>
    <message>
        <source>contradicting</source>
        <translation>widersprüchlich</translation>
    </message>
    <message>
        <source>numbers of at least 0, found %1 others in %2</source>
        <translation>Zahlen von mindestens 0, gefunden %1 andere unter %2</translation>
    </message>
    <message>
        <source>%1: "%2": expected a text</source>
        <translation>%1: „%2“: erwartet ein Text</translation>
    </message>
    <message>
        <source>%1: "%2" gives %3 layers, and there are tensors of %4: no tensor is of layer %5; are files missing?</source>
        <translation>%1: „%2“ nennt %3 Schichten, und es gibt Tensoren von %4: keiner ist von Schicht %5; fehlen Dateien?</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
</context>
</TS>
