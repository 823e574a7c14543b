"""Writes src/linguistics/pieces.tsv: words and how they are cut, which holds the service to what the networks were trained on.

    python parity.py > ../../src/linguistics/pieces.tsv
"""

import pieces as P

VOCABULARY = """[PAD] [UNK] [CLS] [SEP] a b c d e f g h i k l m n o p r s t u v x y z 0 1 2 3 4 5 6 7 8 9 . , ' " - $ % / & ( ) ? !
€ ß ø ##a ##b ##c ##d ##e ##f ##g ##h ##i ##k ##l ##m ##n ##o ##p ##r ##s ##t ##u ##v ##x ##y ##z ##0 ##1 ##2 ##3 ##5
##ß ##ø strike ##s ##ing air ##strike kyiv zel ##ensky ##skyy missile un the president bal ##listic n't 155 ##mm su 34 ı
erdogan ##ge ##ć vucic ##men yemen 東 ##京""".split()

WORDS = """strike strikes Strikes STRIKES airstrike striking Kyiv KYIV Zelenskyy Zelensky missile Missiles U.S. UN u.n.
n't N’T 155mm 1,250 3.5 Su-34 su–34 S-400 €2.3bn $5m 10% “ ” « » `` '' ’s 'S — -- … ... e.g. St. Mr. iPhone McDonald's
eBay Erdoğan ERDOĞAN İstanbul ıspanak Vučić vučić Straße ẞ Ångström naïve Yemen YEMEN’S 東京 東 Москва קול 한국 e\u0301tat
\u200b \ufeffstrike ½ ² Ⅳ ١٢ ʻ ﬁre Dž dž ŉ aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
q qq strikesq (strike) a/b A B- X. 🚀 strike🚀 ͅ""".split()


def main():
    cutter = P.Pieces(VOCABULARY)
    print(" ".join(VOCABULARY))
    for word in WORDS:
        print(word, P.shape(word), " ".join(VOCABULARY[i] for i in cutter.cut(word)), sep="\t")


if __name__ == "__main__":
    main()
