"""What a conversation is: the words, the reply and the route, without a channel or a database behind them."""
